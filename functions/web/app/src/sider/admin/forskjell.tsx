// What two versions of a role have different, told so that one sees what comes and what goes.
import type { Rolleforskjell } from '../../api/schema';
import { at } from '../../tekst/admin';

export type Feltendring = Rolleforskjell['endringer'][number];

export function Forskjell({ endringer, navn }: { endringer: Feltendring[]; navn: (kode: string) => string }) {
  const x = at.value;
  if (endringer.length === 0) return <p>{x.forskjell.ingen}</p>;
  return (
    <dl className="fakta">
      {endringer.map((e) => (
        <div key={e.felt}>
          <dt>{x.felt[e.felt] ?? e.felt}</dt>
          <dd>
            {e.nye || e.fjernet ? (
              <>
                <Koder slag="ins" tittel={x.forskjell.nye} koder={e.nye ?? []} navn={navn} />
                <Koder slag="del" tittel={x.forskjell.fjernet} koder={e.fjernet ?? []} navn={navn} />
              </>
            ) : (
              x.forskjell.fraTil(ord(e.fra), ord(e.til))
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A value in words, as far as there are any. */
function ord(v: unknown): string {
  const x = at.value.forskjell;
  if (v === true) return x.ja;
  if (v === false) return x.nei;
  if (v === null || v === undefined || v === '') return x.tomt;
  if (Array.isArray(v)) return v.join(', ') || x.tomt;
  if (typeof v === 'object') return Object.values(v).map(ord).join(', ') || x.tomt;
  return String(v);
}

function Koder({ slag: Slag, tittel, koder, navn }: { slag: 'ins' | 'del'; tittel: string; koder: string[]; navn: (kode: string) => string }) {
  if (koder.length === 0) return null;
  return (
    <p>
      {tittel}: {koder.map((k, i) => [i > 0 && ', ', <Slag key={k}>{navn(k)}</Slag>])}
    </p>
  );
}
