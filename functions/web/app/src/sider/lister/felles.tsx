// What the list pages have in common: the role that they are about, and an order that is tried before it is sent.
import type { ComponentChildren } from 'preact';
import type { Listestoerrelse } from '../../api/schema';
import { Lenke } from '../../ds';
import { dag } from '../../format';
import { rolle } from '../../sesjon';
import { Overskrift } from '../../side';
import { lt } from './tekst';

/** The page of a role that makes lists; any other role is told that it does not. A new role begins the page anew. */
export function Listeside({ tittel, tilbake, children }: { tittel: string; tilbake?: boolean; children: ComponentChildren }) {
  const able = rolle.value?.bruksomraader.includes('INNBYGGERLISTE');
  return (
    <div className="ark" key={rolle.value?.id}>
      {tilbake && <Lenke href="/lister">{lt.value.tilListene}</Lenke>}
      <Overskrift vindu={tittel}>{tittel}</Overskrift>
      {able ? children : <p>{lt.value.ikkeRolle}</p>}
    </div>
  );
}

export function Punkter({ av }: { av: string[] }) {
  return (
    <ul className="ds-list">
      {av.map((a) => (
        <li key={a}>{a}</li>
      ))}
    </ul>
  );
}

export function Stoerrelse({ s }: { s: Listestoerrelse }) {
  const x = lt.value;
  return <p>{s.grunnlag === 'UKJENT' ? x.ukjent : x.anslag(s.fra ?? 0, s.til ?? 0, dag(s.tidspunkt ?? ''))}</p>;
}
