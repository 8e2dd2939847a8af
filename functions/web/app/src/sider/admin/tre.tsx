// A role's elements as the tree that they are: what a whole brings along, and what must be given on its own.
import { Merke } from '../../ds';
import { at } from '../../tekst/admin';
import { foelgerMed, kanGis, paaSpraaket, type Del, type Gren } from './katalog';

/** What a role sees, branch by branch. */
export function Tre({ grener, valgt }: { grener: Gren[]; valgt: string[] }) {
  const shown = grener
    .map((g) => ({ g, whole: valgt.includes(g.overordnet.kode), some: g.underordnet.filter((d) => valgt.includes(d.kode) || foelgerMed(valgt, d)) }))
    .filter((b) => b.whole || b.some.length > 0);
  return (
    <ul className="tre">
      {shown.map(({ g, whole, some }) => (
        <li key={g.overordnet.kode}>
          <Navn d={g.overordnet} />
          {whole && some.length === g.underordnet.length ? (
            g.underordnet.length > 0 && <span className="dempet liten"> {at.value.rolle.alt}</span>
          ) : (
            <ul>
              {some.map((d) => (
                <li key={d.kode}>
                  <Navn d={d} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function Navn({ d }: { d: Del }) {
  return (
    <>
      {paaSpraaket(d.tekst)} {d.taushetsbelagt && <Merke farge="info">{at.value.rolle.taushetsbelagt}</Merke>}
    </>
  );
}

type TrevalgProps = { grener: Gren[]; aapnet: string[]; valgt: string[]; velg: (valgt: string[]) => void };

/** The same tree to choose in. What the area does not open is not there; what a chosen whole brings along is checked and cannot be taken away by itself. */
export function Trevalg({ grener, aapnet, valgt, velg }: TrevalgProps) {
  return (
    <fieldset className="ds-fieldset">
      <legend className="ds-label">{at.value.utkast.opplysninger}</legend>
      <p className="dempet liten">{at.value.utkast.opplysningerHint}</p>
      <div className="tre">
        {grener.map((g) => (
          <Gren key={g.overordnet.kode} g={g} aapnet={aapnet} valgt={valgt} velg={velg} />
        ))}
      </div>
    </fieldset>
  );
}

function Gren({ g, aapnet, valgt, velg }: Omit<TrevalgProps, 'grener'> & { g: Gren }) {
  const top = g.overordnet;
  const parts = g.underordnet.filter((d) => kanGis(aapnet, d));
  const whole = kanGis(aapnet, top);
  if (!whole && parts.length === 0) return null;
  const chosen = parts.filter((d) => valgt.includes(d.kode)).length;
  const toggle = (d: Del, on: boolean) => {
    const rest = valgt.filter((k) => k !== d.kode && !(on && g.underordnet.some((u) => u.kode === k && foelgerMed([d.kode], u))));
    velg(on ? [...rest, d.kode] : rest);
  };
  return (
    <div className="gren" role="group" aria-label={paaSpraaket(top.tekst)}>
      {whole ? <Kryss d={top} paa={valgt.includes(top.kode)} velg={(on) => toggle(top, on)} /> : <p className="faktumnavn">{paaSpraaket(top.tekst)}</p>}
      {parts.length > 0 && (
        <details open={!whole || (chosen > 0 && !valgt.includes(top.kode))}>
          <summary>{at.value.utkast.deler(parts.length)}</summary>
          {parts.map((d) => {
            const along = foelgerMed(valgt, d);
            return <Kryss key={d.kode} d={d} paa={along || valgt.includes(d.kode)} laast={along} velg={(on) => toggle(d, on)} />;
          })}
        </details>
      )}
    </div>
  );
}

function Kryss({ d, paa, laast = false, velg }: { d: Del; paa: boolean; laast?: boolean; velg: (on: boolean) => void }) {
  return (
    <label className="rad">
      <input type="checkbox" className="ds-input" checked={paa} disabled={laast} onChange={(e) => velg(e.currentTarget.checked)} />
      <span>
        <Navn d={d} />
      </span>
    </label>
  );
}
