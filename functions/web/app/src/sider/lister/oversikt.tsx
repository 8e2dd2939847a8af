// The lists of a role: what is under way, what waits for somebody, what can be had and what became nothing.
import { useEffect, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Innbyggerliste, Innbyggerlister } from '../../api/schema';
import { Knapp, Lenke, Lenkeknapp, Merke, Tittel, Varsel } from '../../ds';
import { Feilmelding } from '../../feil';
import { dag, tid } from '../../format';
import { lagre } from '../../nedlasting';
import { rolle } from '../../sesjon';
import { t } from '../../tekst';
import { formaalHode } from '../../soek';
import { Spoersmaal, useUtfoer } from '../../utfoer';
import { Listeside } from './felles';
import { lt } from './tekst';
import { harKriterier, igjen } from './utkast';

export function Lister() {
  return (
    <Listeside tittel={lt.value.tittel}>
      <Oversikt />
    </Listeside>
  );
}

const venter = (l: Innbyggerliste) => l.godkjenning?.tilstand === 'VENTER';

/** How long until one looks again, in milliseconds; a list that is made changes sooner than one that waits. */
const soon = 2000;
const later = 20_000;

function useLister(id: string) {
  const [lister, setLister] = useState<Innbyggerlister>();
  const [feil, setFeil] = useState<Feilet>();
  const [round, setRound] = useState(0);
  // What nobody pressed does not keep the session alive.
  const hent = (background: boolean) =>
    svar(api.GET('/register/api/v1/ks/innbyggerliste/v1/rolle/', { params: { query: { rolleId: id } }, headers: background ? { 'Hjemmel-Bakgrunn': '1' } : {} })).then(
      (l) => {
        setLister(l);
        setFeil(undefined);
      },
      setFeil,
    );
  useEffect(() => void hent(false), [id]);
  useEffect(() => {
    const clock = setTimeout(() => void (document.hidden ? Promise.resolve() : hent(true)).then(() => setRound(round + 1)), lister?.igang.some((l) => !venter(l)) ? soon : later);
    return () => clearTimeout(clock);
  }, [round, lister]);
  return { lister, feil, hent: () => hent(false) };
}

function Oversikt() {
  const x = lt.value;
  const { lister, feil, hent } = useLister(rolle.value!.id);
  const [sagt, setSagt] = useState('');
  const waits = lister?.igang.filter(venter) ?? [];
  const works = lister?.igang.filter((l) => !venter(l)) ?? [];
  const hendt = (told: string) => {
    setSagt(told);
    return hent();
  };
  return (
    <>
      <p>{x.ingress(rolle.value!.navn)}</p>
      <div className="rad">
        <Lenkeknapp href="/lister/ny">{x.ny}</Lenkeknapp>
        <Lenkeknapp href="/lister/fil" variant="secondary">
          {x.nyFil}
        </Lenkeknapp>
      </div>
      {feil && <Feilmelding feil={feil} igjen={() => void hent()} />}
      <p role="status" className="antall">
        {!lister ? t.value.laster : `${sagt} ${x.status(works.length, waits.length, lister.ferdige.length)}`}
      </p>
      {lister && !lister.igang.length && !lister.ferdige.length && !lister.feilede.length && <p>{x.ingen}</p>}
      <Del tittel={x.venter} lister={waits} hendt={hendt} />
      <Del tittel={x.igang} lister={works} hendt={hendt} />
      <Del tittel={x.ferdige} lister={lister?.ferdige ?? []} hendt={hendt} />
      <Del tittel={x.feilede} lister={lister?.feilede ?? []} hendt={hendt} />
    </>
  );
}

type Hendt = (told: string) => Promise<void>;

function Del({ tittel, lister, hendt }: { tittel: string; lister: Innbyggerliste[]; hendt: Hendt }) {
  if (!lister.length) return null;
  return (
    <section className="ark" aria-label={tittel}>
      <Tittel stoerrelse="xs">{tittel}</Tittel>
      {lister.map((l) => (
        <Liste key={l.id} l={l} hendt={hendt} />
      ))}
    </section>
  );
}

const navn = (l: Innbyggerliste) => l.beskrivelse || lt.value.kilde[l.kilde] || l.kilde;

function Liste({ l, hendt }: { l: Innbyggerliste; hendt: Hendt }) {
  const x = lt.value;
  const { feil, opptatt, utfoer } = useUtfoer();
  return (
    <article className="gruppe" aria-label={x.liste(navn(l), tid(l.opprettet))}>
      <div className="rad">
        <Tittel nivaa={3} stoerrelse="2xs">
          {navn(l)}
        </Tittel>
        {l.trukket && <Merke farge="danger">{x.trukket}</Merke>}
        {l.godkjenning && <Merke farge={l.godkjenning.tilstand === 'AVVIST' ? 'danger' : 'info'}>{x.tilstand[l.godkjenning.tilstand]}</Merke>}
      </div>
      <p className="dempet liten">{x.bestilt(tid(l.opprettet), l.opprettetAv)}</p>
      <Tilstand l={l} />
      <div className="rad">
        {venter(l) && (
          <Lenkeknapp href={`/lister/${l.id}/godkjenning`} variant="secondary">
            {x.se}
          </Lenkeknapp>
        )}
        {l.dokumentlagerId && (
          <>
            <Knapp disabled={opptatt} onClick={() => void utfoer(async () => (await lastNed(l), hendt('')))}>
              {x.lastNed} ({l.eksportFilformat})
            </Knapp>
            {(l.kilde === 'innbyggerliste' || l.kilde === 'SOEK') && <Endringer l={l} hendt={hendt} />}
          </>
        )}
        {harKriterier(l.definisjon) && !venter(l) && <Igjen l={l} />}
        {l.trukket && l.nedlastinger > 0 && (
          <Spoersmaal tittel={x.bekreft} tekst={x.bekreftTekst} gjoer={async () => {
            await svar(api.POST('/hjemmel/v1/lister/{innbyggerlisteId}/tilbaketrekking/bekreftelse', { params: sti(l) }));
            await hendt(x.bekreftet);
          }} />
        )}
        <Spoersmaal farge="danger" tittel={x.slett} tekst={x.slettTekst} gjoer={async () => {
          await svar(api.DELETE('/register/api/v1/ks/innbyggerliste/v1/rolle/{rolleId}/{innbyggerlisteId}', { params: { path: { rolleId: l.rolleId, innbyggerlisteId: l.id } } }));
          await hendt(x.slettet);
        }} />
      </div>
      {feil && <Feilmelding feil={feil} />}
    </article>
  );
}

const sti = (l: Innbyggerliste) => ({ path: { innbyggerlisteId: l.id } });

function Tilstand({ l }: { l: Innbyggerliste }) {
  const x = lt.value;
  if (l.trukket)
    return (
      <Varsel slag="warning">
        <p>{l.trukket.tekst}</p>
        <p>{x.mangler(l.trukket.mangler)}</p>
      </Varsel>
    );
  if (venter(l)) return <p>{x.frist(dag(l.godkjenning!.frist))}</p>;
  if (l.innbyggerlisteStatus === 'FEILET') return <p>{l.godkjenning?.grunn ?? l.feil}</p>;
  if (l.innbyggerlisteStatus === 'FERDIG') return <p>{[x.rader(l.rader), x.nedlastet(l.nedlastinger), x.utloeper(dag(l.utlopsdato))].join(' · ')}</p>;
  return (
    <>
      <p>
        {x.trinn[l.innbyggerlisteStatus]}
        {l.innbyggereHentet > 0 && ` · ${x.hentet(l.innbyggereHentet)}`}
      </p>
      {l.forsinket && <p>{l.forsinket.grunn}</p>}
    </>
  );
}

async function lastNed(l: Innbyggerliste) {
  const file = await svar(api.GET('/hjemmel/v1/lister/{innbyggerlisteId}/fil', { params: sti(l), parseAs: 'blob' }));
  lagre(file as unknown as Blob, `liste-${l.opprettet.slice(0, 10)}.${l.eksportFilformat.toLowerCase()}`);
}

function Igjen({ l }: { l: Innbyggerliste }) {
  return (
    <Lenke href="/lister/ny" onClick={() => igjen(l.definisjon)}>
      {lt.value.igjen}
    </Lenke>
  );
}

function Endringer({ l, hendt }: { l: Innbyggerliste; hendt: Hendt }) {
  const x = lt.value;
  return (
    <Spoersmaal tittel={x.endret} tekst={x.endretTekst} knapp={x.bestillEndringer} gjoer={async () => {
      const header = { ...formaalHode(), 'Idempotency-Key': crypto.randomUUID() };
      await svar(api.POST('/hjemmel/v1/lister/{innbyggerlisteId}/endringer', { params: { ...sti(l), header }, body: { beskrivelse: x.endringerI(navn(l)).slice(0, 400), eksportFilformat: l.eksportFilformat } }));
      await hendt('');
    }} />
  );
}
