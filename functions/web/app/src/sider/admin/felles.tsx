// What the pages of administrators have in common: the organisation that they are about, and how they are got around in.
import { computed, signal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { Knapp, Lenke } from '../../ds';
import { organisasjonerMed } from '../../funksjon';
import { Overskrift } from '../../side';
import { at } from '../../tekst/admin';
import './admin.css';

const valgt = signal('');

/** The organisation that is administered: the chosen one, or else the first. */
export const org = computed(() => {
  const all = organisasjonerMed('administrator');
  return all.find((o) => o.fiksOrgId === valgt.value) ?? all[0];
});

/** Whether a comment says enough: what the API takes is 3 to 1000 characters. */
export const kommentarGaar = (s: string) => s.trim().length >= 3;

/** The places of administrators, in the order of their menu. */
const steder = [
  ['/administrasjon', 'roller'],
  ['/administrasjon/gjennomgang', 'gjennomgang'],
  ['/administrasjon/integrasjoner', 'integrasjoner'],
  ['/administrasjon/kilder', 'kilder'],
] as const;

type Side = { tittel: string; vindu?: string; ingress?: ComponentChildren; tilbake?: readonly [href: string, navn: string]; children: ComponentChildren };

/** A page for administrators; who is none is told so. Another organisation begins it anew. */
export function Adminside({ tittel, vindu = tittel, ingress, tilbake, children }: Side) {
  const x = at.value;
  const o = org.value;
  return (
    <div className="ark admin" key={o?.fiksOrgId}>
      <Meny />
      {tilbake && <Lenke href={tilbake[0]}>{tilbake[1]}</Lenke>}
      <Overskrift vindu={vindu}>{tittel}</Overskrift>
      {o ? (
        <>
          {ingress && <p>{ingress}</p>}
          {children}
        </>
      ) : (
        <p>{x.ingenTilgang}</p>
      )}
    </div>
  );
}

function Meny() {
  const { path } = useLocation();
  const x = at.value;
  const all = organisasjonerMed('administrator');
  return (
    <div className="rad adminmeny">
      <nav aria-label={x.tittel} className="rad">
        {steder.map(([href, navn]) => (
          <Lenke key={href} href={href} aria-current={path === href ? 'page' : undefined}>
            {x.meny[navn]}
          </Lenke>
        ))}
      </nav>
      {all.length > 1 ? (
        all.map((o) => (
          <Knapp key={o.fiksOrgId} variant="secondary" aria-pressed={o === org.value} onClick={() => (valgt.value = o.fiksOrgId)}>
            {o.navn}
          </Knapp>
        ))
      ) : (
        <span className="dempet skyv">{org.value?.navn}</span>
      )}
    </div>
  );
}
