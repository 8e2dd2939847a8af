// The shortcuts: one registry that is both what happens and what the help says. They can be switched off (WCAG 2.1.4).
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog, Knapp } from './ds';
import { t, type Tekst } from './tekst';

type Tast = { tast: string; navn: keyof Tekst['taster']; gjoer: (key: string) => void; passer: (e: KeyboardEvent) => boolean };

const viser = signal(false);
export const visTaster = () => (viser.value = true);
const paa = signal(true);

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
const alt = (key: string) => (e: KeyboardEvent) => e.altKey && !e.ctrlKey && e.code === key;

export const taster: Tast[] = [
  { tast: '/', navn: 'soek', gjoer: () => focus('#soek'), passer: (e) => e.key === '/' },
  { tast: 'Alt+K', navn: 'felter', gjoer: () => document.getElementById('feltsoek')?.click(), passer: alt('KeyK') },
  { tast: 'Alt+R', navn: 'rolle', gjoer: () => focus('#rolle'), passer: alt('KeyR') },
  { tast: 'Alt+1 … 9', navn: 'gruppe', gjoer: (k) => focus(`#gruppe-${k}`), passer: (e) => e.altKey && /^Digit[1-9]$/.test(e.code) },
  { tast: 'Alt+P', navn: 'skrivUt', gjoer: () => print(), passer: alt('KeyP') },
  { tast: '?', navn: 'hjelp', gjoer: visTaster, passer: (e) => e.key === '?' },
];

function writing(e: KeyboardEvent) {
  return e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
}

function pressed(e: KeyboardEvent) {
  if (!paa.value || document.querySelector('dialog[open]') || (writing(e) && !e.altKey)) return;
  const hit = taster.find((x) => x.passer(e));
  if (!hit) return;
  e.preventDefault();
  hit.gjoer(e.code.replace('Digit', ''));
}

export function Taster() {
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  const x = t.value.taster;
  return (
    <Dialog aapen={viser.value} lukk={() => (viser.value = false)} tittel={x.tittel}>
      <dl className="taster">
        {taster.map((k) => (
          <div key={k.tast}>
            <dt>
              <kbd>{k.tast}</kbd>
            </dt>
            <dd>{x[k.navn]}</dd>
          </div>
        ))}
      </dl>
      <label className="rad">
        <input type="checkbox" className="ds-input" checked={paa.value} onChange={(e) => (paa.value = e.currentTarget.checked)} />
        {x.paa}
      </label>
      <Knapp onClick={() => (viser.value = false)}>{t.value.lukk}</Knapp>
    </Dialog>
  );
}
