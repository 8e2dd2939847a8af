// Whose assignments count, tried before it is changed: those of employees, or those of synchronised users and groups.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Omleggingsproeve } from '../../api/schema';
import { Knapp } from '../../ds';
import { Tabell } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { dag, tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, Spoersmaal, useHent, useUtfoer } from '../../utfoer';
import { Adminside, org } from './felles';

const styring = '/hjemmel/v1/organisasjoner/{fiksOrgId}/brukerstyring';

export function Omlegging() {
  const x = at.value.omlegging;
  return (
    <Adminside tittel={x.tittel} ingress={x.ingress} tilbake={['/administrasjon/kilder', at.value.kilde.tittel]}>
      <Styring />
    </Adminside>
  );
}

function Styring() {
  const x = at.value.omlegging;
  const params = { path: { fiksOrgId: org.value!.fiksOrgId } };
  const [proeve, setProeve] = useState<Omleggingsproeve>();
  const { feil, opptatt, utfoer } = useUtfoer();
  const hentet = useHent(() => svar(api.GET(styring, { params })), []);
  const legg = async (synkronisert: boolean) => {
    await svar(api.PUT(styring, { params, body: { synkronisert } }));
    setProeve(undefined);
    hentet.igjen();
  };
  return (
    <>
      <Hentet av={hentet}>
        {(b) => (
          <p role="status" className="antall">
            {b.synkronisert ? x.synkronisert : x.ansatte} {b.endret && x.endret(tid(b.endret), b.endretAv ?? '')} {b.angreTil && x.angreTil(dag(b.angreTil))}
          </p>
        )}
      </Hentet>
      <div className="rad">
        <Knapp variant="secondary" disabled={opptatt} onClick={() => void utfoer(async () => setProeve(await svar(api.GET(`${styring}/proeve`, { params }))))}>
          {x.proev}
        </Knapp>
      </div>
      {feil && <Feilmelding feil={feil} />}
      {proeve && (
        <>
          <Utfall p={proeve} />
          <div className="rad">
            <Spoersmaal farge={proeve.mister > 0 ? 'danger' : undefined} tittel={proeve.synkronisert ? x.tilSynk : x.tilAnsatte} tekst={x.leggTekst(proeve.mister)} gjoer={() => legg(proeve.synkronisert)} />
          </div>
        </>
      )}
    </>
  );
}

function Utfall({ p }: { p: Omleggingsproeve }) {
  const x = at.value.omlegging;
  return (
    <>
      <p role="status">{x.utfallene(p.beholder, p.mister, p.faar)}</p>
      {p.utenNummer.length > 0 && <p>{x.utenNummer(p.utenNummer.length)}</p>}
      {p.endringer.length > 0 && <Tabell tittel={x.hvemEndres} hode={[x.rolle, x.hvem, x.hva]} rader={p.endringer.map((e) => [e.rolle, e.navn, x.utfall[e.utfall]])} />}
    </>
  );
}
