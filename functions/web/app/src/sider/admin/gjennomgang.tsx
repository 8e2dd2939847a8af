// What an organisation should look at among those who have its roles: what nobody uses, what nobody has, and what ends soon.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Rolletildeling } from '../../api/schema';
import { Lenke, Tittel } from '../../ds';
import { Tabell, Valg } from '../../ds/skjema';
import { dag } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, useHent } from '../../utfoer';
import { Adminside, org } from './felles';
import { hvem } from './tildelinger';

export function Gjennomgang() {
  return (
    <Adminside tittel={at.value.gjennomgang.tittel} ingress={at.value.gjennomgang.ingress}>
      <Funn />
    </Adminside>
  );
}

function Funn() {
  const x = at.value.gjennomgang;
  const fiksOrgId = org.value!.fiksOrgId;
  const [dager, setDager] = useState('90');
  const hentet = useHent(() => svar(api.GET('/hjemmel/v1/organisasjoner/{fiksOrgId}/gjennomgang', { params: { path: { fiksOrgId }, query: { dager: Number(dager) } } })), [fiksOrgId, dager]);
  return (
    <>
      <div className="rad valgrad">
        <Valg id="dager" etikett={x.periode} value={dager} valg={['30', '90', '365'].map((d) => [d, x.dager(Number(d))] as const)} onChange={(e) => setDager(e.currentTarget.value)} />
      </div>
      <Hentet av={hentet}>
        {(g) => (
          <>
            <p role="status" className="antall">
              {x.funn(g.ubrukteTildelinger.length, g.rollerUtenInnehavere.length, g.utloeper.length)}
            </p>
            <Del tittel={x.ubrukte} av={g.ubrukteTildelinger} />
            {g.ikkeVurderteTildelinger > 0 && <p>{x.ikkeVurdert(g.ikkeVurderteTildelinger)}</p>}
            <Del tittel={x.utloeper} av={g.utloeper} />
            {g.rollerUtenInnehavere.length > 0 && (
              <>
                <Tittel stoerrelse="xs">{x.uten}</Tittel>
                <ul className="ds-list">
                  {g.rollerUtenInnehavere.map((r) => (
                    <li key={r.rolleId}>
                      <Rollelenke r={r} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Hentet>
    </>
  );
}

const Rollelenke = ({ r }: { r: { rolleId: string; rolle: string } }) => <Lenke href={`/administrasjon/rolle/${r.rolleId}/tildelinger`}>{r.rolle}</Lenke>;

function Del({ tittel, av }: { tittel: string; av: Rolletildeling[] }) {
  const x = at.value;
  if (av.length === 0) return null;
  return (
    <>
      <Tittel stoerrelse="xs">{tittel}</Tittel>
      <Tabell tittel={tittel} hode={[x.tildeling.hvem, x.tildeling.slag, x.roller.navn, x.tildeling.utloeper]} rader={av.map((r) => [hvem(r), x.tildeling.type[r.type], <Rollelenke r={r} />, r.utloeper ? dag(r.utloeper) : x.tildeling.ingenSlutt])} />
    </>
  );
}
