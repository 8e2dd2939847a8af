// A list from a file of numbers or addresses. The file goes to the server as it is and is kept nowhere here.
import { useRef, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Filrapport } from '../../api/schema';
import { Knapp, Lenke, Varsel } from '../../ds';
import { Tabell, Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { rolle } from '../../sesjon';
import { formaalHode } from '../../soek';
import { useUtfoer } from '../../utfoer';
import { Listeside } from './felles';
import { lt } from './tekst';

export function Fil() {
  return (
    <Listeside tittel={lt.value.fil} tilbake>
      <Skjema />
    </Listeside>
  );
}

type Slag = 'PERSONIDENTIFIKATOR' | 'ADRESSE';

function Skjema() {
  const x = lt.value;
  const input = useRef<HTMLInputElement>(null);
  const [slag, setSlag] = useState<Slag>('PERSONIDENTIFIKATOR');
  const [mal, setMal] = useState('LISTESOEK');
  const [type, setType] = useState<'XLSX' | 'CSV'>('XLSX');
  const [rapport, setRapport] = useState<Filrapport>();
  const [bestilt, setBestilt] = useState(false);
  const { feil, opptatt, utfoer } = useUtfoer();
  const send = (fortsett: boolean) =>
    utfoer(async () => {
      setRapport(undefined);
      setBestilt(false);
      const query = { rolleId: rolle.value!.id, listesoekType: slag, eksportFormat: mal, eksportFilformat: type, fortsett };
      try {
        const header = { ...formaalHode(), 'Idempotency-Key': crypto.randomUUID() };
        const got = await svar(
          api.POST('/register/api/v1/ks/innbyggerliste/v1/rolle/listesoek/csv', {
            params: { query, header },
            headers: { 'Content-Type': 'text/csv' },
            body: input.current!.files![0] as never,
            bodySerializer: (b) => b,
          }),
        );
        setRapport(got.rapport);
        setBestilt(true);
      } catch (e) {
        if (e instanceof Feilet) setRapport(e.rapport);
        throw e;
      }
    });
  const again = () => setRapport(undefined);
  return (
    <>
      <p>{x.filIngress}</p>
      <form
        className="soeket"
        onSubmit={(e) => {
          e.preventDefault();
          void send(false);
        }}
      >
        <Valg id="slag" etikett={x.filType} valg={[['PERSONIDENTIFIKATOR', x.numre], ['ADRESSE', x.adresser]]} value={slag} onChange={(e) => setSlag(e.currentTarget.value as Slag)} />
        <div className="ds-field">
          <label className="ds-label" htmlFor="fil">
            {x.velgFil}
          </label>
          <input ref={input} id="fil" type="file" accept=".csv,.txt,text/csv" required className="ds-input" onChange={again} />
        </div>
        <Valg id="mal" etikett={x.mal} valg={Object.entries(x.maler).filter(([m]) => m !== 'EGENDEFINERT')} value={mal} onChange={(e) => setMal(e.currentTarget.value)} />
        <Valg id="filtype" etikett={x.filtype} valg={[['XLSX', 'Excel (XLSX)'], ['CSV', 'CSV']]} value={type} onChange={(e) => setType(e.currentTarget.value as 'XLSX' | 'CSV')} />
        <Knapp type="submit" disabled={opptatt}>
          {x.sendFil}
        </Knapp>
      </form>
      {feil && <Feilmelding feil={feil} />}
      {bestilt && (
        <Varsel slag="success" role="status">
          <p>
            {x.filBestilt} <Lenke href="/lister">{x.tilListene}</Lenke>
          </p>
        </Varsel>
      )}
      {rapport && <Rapport r={rapport} />}
      {rapport && !bestilt && rapport.brukt > 0 && (
        <Knapp disabled={opptatt} onClick={() => void send(true)}>
          {x.fortsett}
        </Knapp>
      )}
    </>
  );
}

function Rapport({ r }: { r: Filrapport }) {
  const x = lt.value;
  return (
    <>
      <p className="antall">{x.rapport(r.rader, r.brukt, r.duplikater, r.antallFeil)}</p>
      {r.feil.length > 0 && <Tabell tittel={x.rapportTittel} hode={[x.linje, x.hvorfor]} rader={r.feil.map((f) => [f.linje, f.tekst])} />}
    </>
  );
}
