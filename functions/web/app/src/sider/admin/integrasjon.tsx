// One system that is let in: stopped and started, its password, its roles, and how its vendor finds out what is wrong.
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Integrasjon as En, Tilgangsrapport } from '../../api/schema';
import { Knapp, Lenke, Tittel } from '../../ds';
import { Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { norsk, tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, Spoersmaal, useHent, useUtfoer } from '../../utfoer';
import { Adminside, org } from './felles';
import { Hemmelighet } from './hemmelighet';
import { Tilstand } from './integrasjoner';

const en = '/hjemmel/v1/organisasjoner/{fiksOrgId}/integrasjoner/{id}';
const sti = (id: string) => ({ fiksOrgId: org.value?.fiksOrgId ?? '', id });
const holder = (i: En) => ({ 'If-Match': i.etag });

export function Integrasjon({ id = '' }: { id?: string }) {
  const x = at.value.integrasjon;
  const [sagt, setSagt] = useState('');
  const hentet = useHent(() => svar(api.GET(en, { params: { path: sti(id) } })), [id]);
  const hendt = (told: string) => {
    setSagt(told);
    hentet.igjen();
  };
  return (
    <Adminside tittel={hentet.data?.navn ?? x.en} vindu={x.en} tilbake={['/administrasjon/integrasjoner', x.tittel]}>
      <p role="status">{sagt}</p>
      <Hentet av={hentet}>
        {(i) => (
          <>
            <Om i={i} />
            <Passord i={i} hendt={hendt} />
            <Rollene id={i.id} />
            <Selvtest id={i.id} />
            <Slutt i={i} hendt={hendt} />
          </>
        )}
      </Hentet>
    </Adminside>
  );
}

type Del = { i: En; hendt: (told: string) => void };

function Om({ i }: { i: En }) {
  const x = at.value.integrasjon;
  return (
    <>
      <div className="rad">
        <Tilstand i={i} />
      </div>
      <dl className="fakta">
        <div>
          <dt>{x.id}</dt>
          <dd>{i.id}</dd>
        </div>
        <div>
          <dt>{x.orgnr}</dt>
          <dd>{i.autorisertOrgnr}</dd>
        </div>
        <div>
          <dt>{x.sistBrukt}</dt>
          <dd>{i.sistBrukt ? tid(i.sistBrukt) : x.aldri}</dd>
        </div>
      </dl>
    </>
  );
}

function Passord({ i, hendt }: Del) {
  const x = at.value.integrasjon;
  const [nytt, setNytt] = useState('');
  const [timer, setTimer] = useState('24');
  return (
    <section className="gruppe" aria-labelledby="passord">
      <Tittel id="passord" stoerrelse="xs">
        {x.passord}
      </Tittel>
      <ul className="ds-list">
        {i.passord.map((p, n) => (
          <li key={n}>
            {p.opprettet ? x.lagetTid(tid(p.opprettet)) : x.virker}
            {p.gyldigTil && ` · ${x.virkerTil(tid(p.gyldigTil))}`}
          </li>
        ))}
      </ul>
      {nytt && <Hemmelighet tittel={x.passordTil(i.navn)} verdi={nytt} glem={() => setNytt('')} />}
      <div className="rad">
        <Spoersmaal
          tittel={x.nyttPassord}
          tekst={x.nyttPassordTekst}
          gjoer={async () => {
            const got = await svar(api.POST(`${en}/passord`, { params: { path: sti(i.id), header: holder(i) }, body: { overlappTimer: Number(timer) } }));
            setNytt(got.nyttPassord ?? '');
            hendt('');
          }}
        >
          <Valg id="overlapp" etikett={x.overlapp} value={timer} valg={[0, 24, 72, 168].map((n) => [String(n), x.overlappTimer(n)] as const)} onChange={(e) => setTimer(e.currentTarget.value)} />
        </Spoersmaal>
      </div>
    </section>
  );
}

/** The roles that it may ask in. Given and taken away here as anybody else's. */
function Rollene({ id }: { id: string }) {
  const x = at.value.integrasjon;
  const { fiksOrgId } = sti(id);
  const [rolle, setRolle] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const hentet = useHent(async () => {
    const all = await svar(api.GET('/register/api/v1/konfigurasjon/tilganger/{fiksOrgId}', { params: { path: { fiksOrgId } } }));
    return (all as Tilgangsrapport).roller; // the other form is CSV, which is not asked for
  }, [id]);
  const gi = () =>
    utfoer(async () => {
      await svar(api.POST('/hjemmel/v1/roller/{id}/tildelinger', { params: { path: { id: rolle }, header: { 'Idempotency-Key': crypto.randomUUID() } }, body: { aktorId: id } }));
      setRolle('');
      hentet.igjen();
    });
  return (
    <section className="gruppe" aria-labelledby="roller">
      <Tittel id="roller" stoerrelse="xs">
        {x.roller}
      </Tittel>
      <Hentet av={hentet}>
        {(all) => {
          const sorted = [...all].sort((a, b) => norsk.compare(a.navn, b.navn));
          const has = sorted.filter((r) => r.integrasjoner.includes(id));
          return (
            <>
              {has.length === 0 && <p>{x.ingenRoller}</p>}
              <ul className="treffliste" aria-label={x.roller}>
                {has.map((r) => (
                  <li key={r.id} className="faktum">
                    <div className="rad">
                      <Lenke href={`/administrasjon/rolle/${r.id}`}>{r.navn}</Lenke>
                      <Spoersmaal
                        farge="danger"
                        tittel={x.fjern}
                        etikett={x.fjernRollen(r.navn)}
                        tekst={x.fjernTekst}
                        gjoer={async () => {
                          await svar(api.DELETE('/hjemmel/v1/roller/{id}/tildelinger/{aktorId}', { params: { path: { id: r.id, aktorId: id } } }));
                          hentet.igjen();
                        }}
                      />
                    </div>
                  </li>
                ))}
              </ul>
              <div className="rad valgrad">
                <Valg id="nyrolle" etikett={x.giRolle} value={rolle} valg={[['', x.velg] as const, ...sorted.filter((r) => !has.includes(r)).map((r) => [r.id, r.navn] as const)]} onChange={(e) => setRolle(e.currentTarget.value)} />
                <Knapp variant="secondary" disabled={opptatt || !rolle} onClick={() => void gi()}>
                  {x.gi}
                </Knapp>
              </div>
            </>
          );
        }}
      </Hentet>
      {feil && <Feilmelding feil={feil} />}
    </section>
  );
}

/** The self-test wants the vendor's own token and password, which do not come into a browser: it is the vendor's to run. */
function Selvtest({ id }: { id: string }) {
  const x = at.value.integrasjon;
  return (
    <section className="gruppe" aria-labelledby="selvtest">
      <Tittel id="selvtest" stoerrelse="xs">
        {x.selvtest}
      </Tittel>
      <p>{x.selvtestTekst}</p>
      <pre className="rull" tabIndex={0} role="region" aria-label={x.kommando}>
        <code>{`curl -X POST ${location.origin}/hjemmel/v1/integrasjoner/selvtest \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "IntegrasjonId: ${id}" \\\n  -H "IntegrasjonPassord: $PASSORD"`}</code>
      </pre>
    </section>
  );
}

function Slutt({ i, hendt }: Del) {
  const x = at.value.integrasjon;
  const { route } = useLocation();
  const { feil, opptatt, utfoer } = useUtfoer();
  const params = { path: sti(i.id), header: holder(i) };
  const sett = (aktiv: boolean) => svar(api.PATCH(en, { params, body: { aktiv } }));
  return (
    <>
      <div className="rad">
        {i.aktiv ? (
          <Spoersmaal farge="danger" tittel={x.stopp} tekst={x.stoppTekst} gjoer={async () => (await sett(false), hendt(x.erStoppet))} />
        ) : (
          <Knapp variant="secondary" disabled={opptatt} onClick={() => void utfoer(async () => (await sett(true), hendt(x.erStartet)))}>
            {x.start}
          </Knapp>
        )}
        <Spoersmaal
          farge="danger"
          tittel={x.slett}
          tekst={x.slettTekst}
          gjoer={async () => {
            await svar(api.DELETE(en, { params }));
            route('/administrasjon/integrasjoner');
          }}
        />
      </div>
      {feil && <Feilmelding feil={feil} />}
    </>
  );
}
