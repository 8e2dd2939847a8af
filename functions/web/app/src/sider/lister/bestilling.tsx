// An order in three steps: whom, which columns, and a check of what it becomes before it is sent.
import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Listeanslag, Listeverdier, Rolleinnhold } from '../../api/schema';
import { Felt, Knapp, Tittel, Varsel } from '../../ds';
import { Avkryssing, Tabell, Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { organisasjon, rolle } from '../../sesjon';
import { formaal, formaalHode, innhold } from '../../soek';
import { t } from '../../tekst';
import { useUtfoer } from '../../utfoer';
import { Listeside, Punkter, Stoerrelse } from './felles';
import { lt } from './tekst';
import { bestilling, fortsett, utkast, type Utkast } from './utkast';

export function Bestilling() {
  return (
    <Listeside tittel={lt.value.ny} tilbake>
      <Steg />
    </Listeside>
  );
}

type Deler = { u: Utkast; sett: (some: Partial<Utkast>) => void; role: Rolleinnhold };

function Steg() {
  const x = lt.value;
  const id = rolle.value!.id;
  const [steg, setSteg] = useState(1);
  const [role, setRole] = useState<Rolleinnhold>();
  const [anslag, setAnslag] = useState<Listeanslag>();
  const { feil, opptatt, utfoer } = useUtfoer();
  const { route } = useLocation();
  const noekkel = useRef(crypto.randomUUID());
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void utfoer(async () => {
      const r = await innhold(id);
      fortsett(id, r.kommuner.length ? r.kommuner : [organisasjon.value?.kommunenummer ?? '']);
      setRole(r);
    });
  }, [id]);
  useEffect(() => {
    if (steg > 1 || anslag) head.current?.focus();
  }, [steg]);
  const u = utkast.value;
  if (!u || !role) return feil ? <Feilmelding feil={feil} /> : <p role="status">{t.value.laster}</p>;

  const sett = (some: Partial<Utkast>) => {
    utkast.value = { ...u, ...some };
    noekkel.current = crypto.randomUUID();
  };
  const spoer = (order: Utkast) => svar(api.POST('/hjemmel/v1/lister/anslag', { params: { header: formaalHode() }, body: bestilling(order, id) }));
  const fram = async () => {
    if (steg === 1) setAnslag(await spoer({ ...u, eksportFormat: 'EGENDEFINERT', minimering: [enKolonne(role)] }));
    if (steg === 2) setAnslag(await spoer(u));
    if (steg < 3) return setSteg(steg + 1);
    const header = { ...formaalHode(), 'Idempotency-Key': noekkel.current };
    await svar(api.POST('/register/api/v1/ks/innbyggerliste/v1/rolle/', { params: { header }, body: bestilling(u, id) }));
    utkast.value = null;
    route('/lister');
  };
  const deler = { u, sett, role };
  const lacks = steg === 2 && u.eksportFormat === 'EGENDEFINERT' && !u.minimering?.length;
  return (
    <form
      className="ark"
      onSubmit={(e) => {
        e.preventDefault();
        void utfoer(fram);
      }}
    >
      <Tittel ref={head} tabIndex={-1}>
        {x.steg(steg, [x.hvem, x.hva, x.sjekk][steg - 1]!)}
      </Tittel>
      {steg === 1 && <Hvem {...deler} />}
      {steg === 2 && <Kolonner {...deler} valgbare={anslag!.valgbare} maler={anslag!.maler} />}
      {steg === 3 && <Sjekk {...deler} anslag={anslag!} />}
      {feil && <Feilmelding feil={feil} />}
      <div className="rad">
        <Knapp type="submit" disabled={opptatt || lacks}>
          {steg < 3 ? x.neste : opptatt ? x.bestiller : x.bestill}
        </Knapp>
        {steg > 1 && (
          <Knapp variant="secondary" onClick={() => setSteg(steg - 1)}>
            {x.forrige}
          </Knapp>
        )}
        {lacks && <span className="dempet">{x.velgEn}</span>}
      </div>
    </form>
  );
}

/** A column that the role gives, so that the server tells of all that it gives. */
function enKolonne(role: Rolleinnhold): string {
  const sees = role.opplysninger.map((o) => o.kode);
  const kode = ['identifikasjonsnummer.foedselsEllerDNummer', 'navn.etternavn', 'navn.fornavn', 'status.status'].find((k) => sees.includes(k)) ?? sees[0] ?? '';
  return kode.replace('.', '_');
}

function Hvem({ u, sett, role }: Deler) {
  const x = lt.value;
  const [verdier, setVerdier] = useState<Listeverdier>();
  const [kommuner, setKommuner] = useState(u.kommunenummer.join(', '));
  const [feil, setFeil] = useState<Feilet>();
  useEffect(() => {
    svar(api.GET('/register/api/v1/ks/innbyggerliste/v1/rolle/verdier')).then(setVerdier, setFeil);
  }, []);
  if (feil) return <Feilmelding feil={feil} />;
  if (!verdier) return <p role="status">{t.value.laster}</p>;
  const liste = (of: { kode: string; navn: string }[]) => of.map((v) => [v.kode, v.navn] as const);
  const aar = (which: 'fraAar' | 'tilAar') => (e: { currentTarget: HTMLInputElement }) => {
    const foedt = { ...u.foedt, [which]: e.currentTarget.value ? Number(e.currentTarget.value) : undefined };
    sett({ foedt });
  };
  return (
    <div className="soeket">
      <Felt
        id="kommuner"
        etikett={x.kommuner}
        hint={x.kommunerHint}
        value={kommuner}
        required
        inputMode="numeric"
        pattern="\s*\d{4}(\s*,\s*\d{4})*\s*"
        onInput={(e) => {
          setKommuner(e.currentTarget.value);
          sett({ kommunenummer: e.currentTarget.value.split(',').map((k) => k.trim()).filter(Boolean) });
        }}
      />
      <Valg
        id="tilhoerighet"
        etikett={x.tilhoerighet}
        valg={[['BOSTED', x.bosted], ['OPPHOLD', x.opphold], ['BEGGE', x.begge]]}
        value={u.kommuneTilhoerighet}
        onChange={(e) => sett({ kommuneTilhoerighet: e.currentTarget.value as Utkast['kommuneTilhoerighet'] })}
      />
      <Avkryssing tittel={x.personstatus} valg={liste(verdier.status)} valgt={u.status} velg={(status) => sett({ status: status as Utkast['status'] })} />
      <Felt id="fraaar" etikett={x.fraAar} type="number" min={1800} max={2200} value={u.foedt?.fraAar ?? ''} onInput={aar('fraAar')} />
      <Felt id="tilaar" etikett={x.tilAar} type="number" min={1800} max={2200} value={u.foedt?.tilAar ?? ''} onInput={aar('tilAar')} />
      <Valg id="kjoenn" etikett={x.kjoenn} valg={[['', x.alle], ...liste(verdier.kjoenn)]} value={u.kjoenn ?? ''} onChange={(e) => sett({ kjoenn: (e.currentTarget.value || undefined) as Utkast['kjoenn'] })} />
      <Valg id="sivilstand" etikett={x.sivilstand} valg={[['', x.alle], ...liste(verdier.sivilstand)]} value={u.sivilstand ?? ''} onChange={(e) => sett({ sivilstand: e.currentTarget.value || undefined })} />
      <Felt id="statsborgerskap" etikett={x.statsborgerskap} hint={x.statsborgerskapHint} pattern="[A-Z]{3}" maxLength={3} value={u.statsborgerskap ?? ''} onInput={(e) => sett({ statsborgerskap: e.currentTarget.value || undefined })} />
      {role.formaal !== '' && (
        <Felt id="formaal" etikett={t.value.soek.formaal} hint={role.formaal === 'PAAKREVD' ? t.value.soek.formaalKreves : undefined} required={role.formaal === 'PAAKREVD'} maxLength={200} value={formaal.value} onInput={(e) => (formaal.value = e.currentTarget.value)} />
      )}
    </div>
  );
}

/** A template that the role lacks columns of is told of, and not offered. */
function Kolonner({ u, sett, valgbare, maler }: Deler & Pick<Listeanslag, 'valgbare' | 'maler'>) {
  const x = lt.value;
  const own = u.eksportFormat === 'EGENDEFINERT';
  const can = (kode: string) => kode === 'EGENDEFINERT' || maler.includes(kode);
  const cannot = Object.keys(x.maler).filter((kode) => !can(kode));
  return (
    <div className="ark">
      <div className="soeket">
        <Valg id="mal" etikett={x.mal} valg={Object.entries(x.maler).filter(([kode]) => can(kode) || kode === u.eksportFormat)} value={u.eksportFormat} onChange={(e) => sett({ eksportFormat: e.currentTarget.value as Utkast['eksportFormat'] })} />
        {cannot.length > 0 && <p className="dempet liten">{x.ikkeMaler(cannot.map((kode) => x.maler[kode]).join(', '))}</p>}
      </div>
      {own ? (
        <Avkryssing tittel={x.kolonner} hint={x.kolonnerHint} valg={valgbare.map((v) => [v.navn, v.overskrift] as const)} valgt={u.minimering ?? []} velg={(minimering) => sett({ minimering })} />
      ) : (
        <p>{x.malKolonner}</p>
      )}
    </div>
  );
}

function Sjekk({ u, sett, anslag }: Deler & { anslag: Listeanslag }) {
  const x = lt.value;
  return (
    <>
      <Tittel nivaa={3} stoerrelse="2xs">
        {x.kriterier}
      </Tittel>
      <Punkter av={anslag.kriterier} />
      <Tittel nivaa={3} stoerrelse="2xs">
        {x.antall}
      </Tittel>
      <Stoerrelse s={anslag.anslag} />
      <Tittel nivaa={3} stoerrelse="2xs">
        {x.eksempel}
      </Tittel>
      <p className="dempet">{x.eksempelTekst}</p>
      <Tabell tittel={x.eksempel} hode={anslag.kolonner.map((k) => k.overskrift)} rader={anslag.eksempel} />
      {anslag.kreverGodkjenning && (
        <Varsel>
          <p>{x.kreverGodkjenning}</p>
        </Varsel>
      )}
      <div className="soeket">
        <Felt id="beskrivelse" etikett={x.beskrivelse} hint={x.beskrivelseHint} maxLength={400} value={u.beskrivelse ?? ''} onInput={(e) => sett({ beskrivelse: e.currentTarget.value })} />
        <Valg id="filtype" etikett={x.filtype} valg={[['XLSX', 'Excel (XLSX)'], ['CSV', 'CSV']]} value={u.eksportFilformat} onChange={(e) => sett({ eksportFilformat: e.currentTarget.value as Utkast['eksportFilformat'] })} />
        <label className="rad">
          <input type="checkbox" className="ds-input" checked={u.maskinnavn} onChange={(e) => sett({ maskinnavn: e.currentTarget.checked })} />
          {x.maskinnavn}
        </label>
      </div>
    </>
  );
}
