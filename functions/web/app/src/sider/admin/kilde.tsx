// One identity system: where it writes to, the tokens it writes with, and how it is taken away.
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Synkkilde, Synktoken } from '../../api/schema';
import { Tittel } from '../../ds';
import { dag, tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, Spoersmaal, useHent } from '../../utfoer';
import { Adminside, org } from './felles';
import { Hemmelighet } from './hemmelighet';
import { konfigurasjon } from './kilder';

const fiksOrgId = () => org.value?.fiksOrgId ?? '';
const tokens = (id: string) => ({ fiksOrgId: fiksOrgId(), klientId: id, ressurs: 'tokens' as const });

export function Kilde({ id = '' }: { id?: string }) {
  const x = at.value.kilde;
  const { route } = useLocation();
  const path = { fiksOrgId: fiksOrgId(), kildeId: id };
  const hentet = useHent(() => svar(api.GET(`${konfigurasjon}/{kildeId}`, { params: { path } })), [id]);
  const slett = async () => {
    await svar(api.DELETE(`${konfigurasjon}/{kildeId}`, { params: { path } }));
    route('/administrasjon/kilder');
  };
  return (
    <Adminside tittel={hentet.data?.navn ?? x.en} vindu={x.en} tilbake={['/administrasjon/kilder', x.tittel]}>
      <Hentet av={hentet}>
        {(k) => (
          <>
            <Om k={k} />
            <Token k={k} />
            <div className="rad">
              <Spoersmaal farge="danger" tittel={x.slett} tekst={x.slettTekst} gjoer={slett} />
            </div>
          </>
        )}
      </Hentet>
    </Adminside>
  );
}

function Om({ k }: { k: Synkkilde }) {
  const x = at.value.kilde;
  const telt = (s: Synkkilde['statusBrukere']) => `${s?.antall ?? 0}${s?.sisteOppdatering ? ` · ${x.sist(tid(s.sisteOppdatering))}` : ''}`;
  return (
    <dl className="fakta">
      <div>
        <dt>{x.adresse}</dt>
        <dd className="brytes">{k.scimEndepunkt}</dd>
      </div>
      {k.eksternInstansId && (
        <div>
          <dt>{x.instans}</dt>
          <dd>{k.eksternInstansId}</dd>
        </div>
      )}
      <div>
        <dt>{x.brukere}</dt>
        <dd>{telt(k.statusBrukere)}</dd>
      </div>
      <div>
        <dt>{x.grupper}</dt>
        <dd>{telt(k.statusGrupper)}</dd>
      </div>
    </dl>
  );
}

const gjelder = (t: Synktoken) => !t.revoked && new Date(t.expiresAt) > new Date();

function Token({ k }: { k: Synkkilde }) {
  const x = at.value.kilde;
  const sti = `${konfigurasjon}/{klientId}/{ressurs}` as const;
  const path = tokens(k.id.id);
  const [nytt, setNytt] = useState('');
  const hentet = useHent(() => svar(api.GET(sti, { params: { path } })), [k.id.id]);
  const lag = async () => {
    setNytt((await svar(api.POST(sti, { params: { path } }))).token);
    hentet.igjen();
  };
  const kall = async (id: string) => {
    await svar(api.DELETE(`${sti}/{id}`, { params: { path: { ...path, id } } }));
    hentet.igjen();
  };
  return (
    <section className="gruppe" aria-labelledby="token">
      <Tittel id="token" stoerrelse="xs">
        {x.token}
      </Tittel>
      {nytt && <Hemmelighet tittel={x.tokenTil(k.navn)} verdi={nytt} glem={() => setNytt('')} />}
      <Hentet av={hentet}>
        {(alle) => (
          <>
            {!alle.some(gjelder) && <p>{x.ingenToken}</p>}
            <ul className="treffliste" aria-label={x.token}>
              {alle.filter(gjelder).map((t) => (
                <li key={t.id} className="faktum">
                  <div className="rad">
                    <span>{x.tokenTid(tid(t.createdAt), dag(t.expiresAt))}</span>
                    <Spoersmaal farge="danger" tittel={x.tilbakekall} etikett={x.tilbakekallDet(tid(t.createdAt))} tekst={x.tilbakekallTekst} gjoer={() => kall(t.id)} />
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </Hentet>
      <div className="rad">
        <Spoersmaal tittel={x.nyttToken} tekst={x.nyttTokenTekst} gjoer={lag} />
      </div>
    </section>
  );
}
