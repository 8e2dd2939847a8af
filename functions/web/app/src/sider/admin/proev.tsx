// What a draft would do: to what was asked in the last days, and to a person who was made up.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { GyldigeVerdier, Opplysningsomfang, Proeveresultat } from '../../api/schema';
import { Knapp, Merke, Tittel } from '../../ds';
import { Tabell, Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { at } from '../../tekst/admin';
import { useHent, useUtfoer } from '../../utfoer';
import { Forskjell } from './forskjell';
import { navnene, paaSpraaket } from './katalog';

const dager = ['7', '30', '90'];

type Props = { id: string; etag: string; v: GyldigeVerdier };

/** Changes nothing; what is read of the log is logged. */
export function Proev({ id, etag, v }: Props) {
  const x = at.value.proev;
  const { data: examples } = useHent(() => svar(api.GET('/hjemmel/v1/eksempelpersoner')), []);
  const [hvem, setHvem] = useState('vanlig');
  const [period, setPeriod] = useState('30');
  const [shown, setShown] = useState<Proeveresultat>();
  const { feil, opptatt, utfoer } = useUtfoer();
  const proev = () =>
    utfoer(async () => {
      const body = { dager: Number(period), eksempelperson: hvem };
      setShown(await svar(api.POST('/hjemmel/v1/roller/{id}/utkast/proev', { params: { path: { id }, header: { 'If-Match': etag } }, body })));
    });
  return (
    <section className="gruppe" aria-labelledby="proev">
      <Tittel id="proev" stoerrelse="xs">
        {x.tittel}
      </Tittel>
      <p>{x.ingress}</p>
      <div className="rad valgrad">
        <Valg id="eksempel" etikett={x.eksempel} value={hvem} valg={examples?.eksempelpersoner.map((e) => [e.kode, paaSpraaket(e.navn)] as const) ?? []} onChange={(e) => setHvem(e.currentTarget.value)} />
        <Valg id="dager" etikett={x.dager} value={period} valg={dager.map((d) => [d, x.siste(Number(d))] as const)} onChange={(e) => setPeriod(e.currentTarget.value)} />
        <Knapp variant="secondary" disabled={opptatt} onClick={() => void proev()}>
          {x.knapp}
        </Knapp>
      </div>
      {feil && <Feilmelding feil={feil} />}
      <p role="status" className="antall">
        {shown && x.avspilt(shown.avspilt.forespoersler, shown.dager, shown.feiler.reduce((n, f) => n + f.forespoersler, 0))}
      </p>
      {shown && <Resultat p={shown} navn={navnene(v)} />}
    </section>
  );
}

type Navn = (kode: string) => string;

function Resultat({ p, navn }: { p: Proeveresultat; navn: Navn }) {
  const x = at.value.proev;
  return (
    <>
      <Tittel nivaa={3} stoerrelse="2xs">
        {x.endres}
      </Tittel>
      <Forskjell endringer={p.endringer} navn={navn} />
      {p.feiler.length > 0 && (
        <>
          <Tittel nivaa={3} stoerrelse="2xs">
            {x.feiler}
          </Tittel>
          <ul className="ds-list">
            {p.feiler.map((f) => (
              <li key={f.feilkode + f.opplysninger.join()}>
                {f.melding} {x.gjelder(f.forespoersler, f.aktoerer)} {f.opplysninger.map(navn).join(', ')}
              </li>
            ))}
          </ul>
        </>
      )}
      <Omfang tittel={x.bort} av={p.borteOpplysninger} />
      <Omfang tittel={x.nytt} av={p.nyeOpplysninger} />
      {p.uavgjort.forespoersler > 0 && <p>{x.uavgjort(p.uavgjort.forespoersler)}</p>}
      {p.eksempel && <Sammen e={p.eksempel} navn={navn} />}
    </>
  );
}

function Omfang({ tittel, av }: { tittel: string; av: Opplysningsomfang[] }) {
  if (av.length === 0) return null;
  return (
    <p>
      {tittel}: {av.map((o) => `${paaSpraaket(o.navn)} (${at.value.proev.personer(o.personer)})`).join(', ')}
    </p>
  );
}

/** What is the register's own bookkeeping, and tells nothing of a person. */
const bookkeeping = new Set(['ajourholdstidspunkt', 'erGjeldende', 'gyldighetstidspunkt', 'opphoerstidspunkt', 'kilde', 'aarsak']);

function values(v: unknown): string[] {
  if (v === null || v === undefined) return [];
  if (typeof v !== 'object') return [String(v)];
  return Object.entries(v).flatMap(([k, inner]) => (bookkeeping.has(k) ? [] : values(inner)));
}

/** A document as rows: an element of an element, and its values. */
function rader(doc: unknown): Map<string, string> {
  const rows = new Map<string, string>();
  for (const [top, all] of Object.entries((doc ?? {}) as Record<string, unknown>))
    for (const one of Array.isArray(all) ? all : [all])
      for (const [part, v] of Object.entries(typeof one === 'object' && one !== null ? one : { '': one })) {
        const words = bookkeeping.has(part) ? '' : values(v).join(' ');
        const kode = part ? `${top}.${part}` : top;
        if (words) rows.set(kode, [rows.get(kode), words].filter(Boolean).join('; '));
      }
  return rows;
}

/** The same made-up person as the role in force shows them and as the draft would. */
function Sammen({ e, navn }: { e: NonNullable<Proeveresultat['eksempel']>; navn: Navn }) {
  const x = at.value.proev;
  const [now, then] = [rader(e.gjeldende), rader(e.utkast)];
  const all = [...new Set([...now.keys(), ...then.keys()])];
  const dom = (k: string) => (now.get(k) === then.get(k) ? '' : !then.has(k) ? <Merke farge="warning">{x.fallerBort}</Merke> : !now.has(k) ? <Merke farge="info">{x.kommerTil}</Merke> : <Merke>{x.endret}</Merke>);
  return (
    <>
      <Tittel nivaa={3} stoerrelse="2xs">
        {x.slik(paaSpraaket(e.navn))}
      </Tittel>
      <p className="dempet liten">{x.oppdiktet}</p>
      {all.length === 0 ? <p>{x.ingenting}</p> : <Tabell tittel={x.slik(paaSpraaket(e.navn))} hode={[x.opplysning, x.naa, x.utkastet, x.forskjell]} rader={all.map((k) => [navn(k), now.get(k) ?? '–', then.get(k) ?? '–', dom(k)])} />}
    </>
  );
}
