// Wrappers that only forms and tables use, so that they are loaded with the pages that have them.
import { type ComponentChildren, type JSX } from 'preact';

type ValgProps = JSX.IntrinsicElements['select'] & { id: string; etikett: string; valg: readonly (readonly [verdi: string, navn: string])[] };

/** A choice of one among a few. */
export function Valg({ id, etikett, valg, ...rest }: ValgProps) {
  return (
    <div className="ds-field">
      <label className="ds-label" htmlFor={id}>
        {etikett}
      </label>
      <select id={id} className="ds-input" {...rest}>
        {valg.map(([verdi, navn]) => (
          <option key={verdi} value={verdi}>
            {navn}
          </option>
        ))}
      </select>
    </div>
  );
}

type AvkryssingProps = { tittel: string; hint?: string; valg: readonly (readonly [verdi: string, navn: string])[]; valgt: string[]; velg: (valgt: string[]) => void };

/** A choice of several. What is chosen keeps the order in which it was chosen. */
export function Avkryssing({ tittel, hint, valg, valgt, velg }: AvkryssingProps) {
  return (
    <fieldset className="ds-fieldset">
      <legend className="ds-label">{tittel}</legend>
      {hint && <p className="dempet liten">{hint}</p>}
      <div className="kolonner">
        {valg.map(([verdi, navn]) => (
          <label key={verdi} className="rad">
            <input
              type="checkbox"
              className="ds-input"
              checked={valgt.includes(verdi)}
              onChange={(e) => velg(e.currentTarget.checked ? [...valgt, verdi] : valgt.filter((v) => v !== verdi))}
            />
            {navn}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A table that scrolls by itself where it is wider than the page. */
export function Tabell({ tittel, hode, rader }: { tittel: string; hode: string[]; rader: ComponentChildren[][] }) {
  return (
    <div className="rull" role="region" aria-label={tittel} tabIndex={0}>
      <table className="ds-table" data-border>
        <thead>
          <tr>
            {hode.map((h) => (
              <th key={h} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rader.map((r, i) => (
            <tr key={i}>
              {r.map((c, j) => (
                <td key={j}>{c}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
