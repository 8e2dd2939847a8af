// The next version of a role while it is being made: written, tried, and published with a reason.
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { svarMedEtag } from '../../api/etag';
import { api, Feilet, svar } from '../../api/klient';
import type { Konfigurasjonsrolle, Rolleendring } from '../../api/schema';
import { Felt, Knapp, Tittel, Varsel } from '../../ds';
import { Avkryssing, Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, useHent, useUtfoer } from '../../utfoer';
import { Adminside, kommentarGaar } from './felles';
import { aapnet, grener, paaSpraaket } from './katalog';
import { Proev } from './proev';
import { hentRolle, type Hentetrolle } from './rolle';
import { Trevalg } from './tre';

type Utkastet = { rolle: Konfigurasjonsrolle; etag: string; foreldet: boolean; endret: string; endretAv: string };

/** The draft that is kept, or none. */
async function hentUtkast(id: string): Promise<Utkastet | undefined> {
  try {
    const { data, etag } = await svarMedEtag(api.GET('/hjemmel/v1/roller/{id}/utkast', { params: { path: { id } } }));
    return { ...data, etag };
  } catch (e) {
    if (e instanceof Feilet && e.status === 404) return undefined;
    throw e;
  }
}

export function Rolleutkast({ id = '' }: { id?: string }) {
  const x = at.value.utkast;
  const hentet = useHent(async () => ({ h: await hentRolle(id), kept: await hentUtkast(id) }), [id]);
  const navn = hentet.data?.h.rolle.navn;
  return (
    <Adminside tittel={navn ? x.tittelFor(navn) : x.tittel} vindu={x.tittel} ingress={x.ingress} tilbake={[`/administrasjon/rolle/${id}`, navn ?? at.value.rolle.tittel]}>
      <Hentet av={hentet}>{({ h, kept }) => <Skriv key={kept?.etag} h={h} kept={kept} hentPaaNytt={hentet.igjen} />}</Hentet>
    </Adminside>
  );
}

/** All that the form can change, and what it must not lose. */
const endring = (r: Konfigurasjonsrolle): Rolleendring => ({
  navn: r.navn,
  beskrivelse: r.beskrivelse,
  kanBrukesPaaSokeside: r.kanBrukesPaaSokeside,
  opplysninger: r.opplysninger,
  bruksomraader: r.bruksomraader,
  tjenester: r.tjenester,
  hjemler: r.hjemler,
  kommuner: r.kommuner,
  formaal: r.formaal,
  aapneGradert: r.aapneGradert,
  budsjett: r.budsjett,
  noedtilgangTimer: r.noedtilgangTimer,
  listerKreverGodkjenning: r.listerKreverGodkjenning,
  gyldigFra: r.gyldigFra,
  gyldigTil: r.gyldigTil,
  aktiv: r.aktiv,
});

function Skriv({ h, kept, hentPaaNytt }: { h: Hentetrolle; kept?: Utkastet; hentPaaNytt: () => void }) {
  const x = at.value.utkast;
  const [r, setR] = useState(kept?.rolle ?? h.rolle);
  const [u, setU] = useState(kept);
  const { feil, opptatt, utfoer } = useUtfoer();
  const urort = u !== undefined && JSON.stringify(endring(r)) === JSON.stringify(endring(u.rolle));
  const lagre = () =>
    utfoer(async () => {
      const header = u ? { 'If-Match': u.etag } : {};
      const { data, etag } = await svarMedEtag(api.PUT('/hjemmel/v1/roller/{id}/utkast', { params: { path: { id: r.id }, header }, body: endring(r) }));
      setU({ ...data, etag });
      setR(data.rolle);
    });
  return (
    <>
      {u?.foreldet && (
        <Varsel slag="warning">
          <p>{x.foreldet}</p>
        </Varsel>
      )}
      <form
        className="ark"
        onSubmit={(e) => {
          e.preventDefault();
          void lagre();
        }}
      >
        <Felter r={r} h={h} sett={(some) => setR({ ...r, ...some })} />
        {feil && <Feilmelding feil={feil} />}
        {feil?.status === 409 && (
          <Knapp variant="secondary" onClick={hentPaaNytt}>
            {x.hentPaaNytt}
          </Knapp>
        )}
        <div className="rad">
          <Knapp type="submit" disabled={opptatt || (urort && !u.foreldet)}>
            {x.lagre}
          </Knapp>
          <span role="status" className="dempet">
            {u && (urort ? x.lagret(tid(u.endret), u.endretAv) : x.ikkeLagret)}
          </span>
        </div>
      </form>
      {u && urort && !u.foreldet && (
        <>
          <Proev key={u.etag} id={r.id} etag={u.etag} v={h.v} />
          <Publiser id={r.id} etag={u.etag} />
        </>
      )}
    </>
  );
}

type FelterProps = { r: Konfigurasjonsrolle; h: Hentetrolle; sett: (some: Partial<Konfigurasjonsrolle>) => void };

function Felter({ r, h, sett }: FelterProps) {
  const x = at.value.utkast;
  const { o, v } = h;
  return (
    <>
      <div className="soeket">
        <Felt id="navn" etikett={x.navn} value={r.navn} required minLength={2} maxLength={400} onInput={(e) => sett({ navn: e.currentTarget.value })} />
        <Felt id="beskrivelse" etikett={x.beskrivelse} value={r.beskrivelse} maxLength={400} onInput={(e) => sett({ beskrivelse: e.currentTarget.value })} />
      </div>
      <Trevalg grener={grener(v)} aapnet={aapnet(o)} valgt={r.opplysninger} velg={(opplysninger) => sett({ opplysninger })} />
      <Avkryssing
        tittel={x.hjemler}
        hint={x.hjemlerHint}
        valg={o.lovhjemler.map((l) => [l.id, `${l.lov} ${l.paragraf}: ${paaSpraaket(l.korttekst)}`] as const)}
        valgt={r.hjemler}
        velg={(hjemler) => sett({ hjemler })}
      />
      <Avkryssing tittel={x.bruk} valg={o.bruksomraader.map((b) => [b, at.value.bruk[b] ?? b] as const)} valgt={r.bruksomraader} velg={(b) => sett({ bruksomraader: b as Konfigurasjonsrolle['bruksomraader'] })} />
      <Vilkaar r={r} h={h} sett={sett} />
    </>
  );
}

/** Who may use it, and on what terms. */
function Vilkaar({ r, h, sett }: FelterProps) {
  const x = at.value.utkast;
  return (
    <div className="soeket">
      <Av paa={r.aktiv} tekst={x.aktiv} sett={(aktiv) => sett({ aktiv })} />
      <Av paa={r.kanBrukesPaaSokeside} tekst={x.nettsiden} sett={(kanBrukesPaaSokeside) => sett({ kanBrukesPaaSokeside })} />
      {h.o.gradertAdresse === 'KAN_AAPNES_MED_BEGRUNNELSE' && <Av paa={r.aapneGradert} tekst={x.gradert} sett={(aapneGradert) => sett({ aapneGradert })} />}
      {r.bruksomraader.includes('INNBYGGERLISTE') && <Av paa={r.listerKreverGodkjenning ?? false} tekst={x.godkjenning} sett={(listerKreverGodkjenning) => sett({ listerKreverGodkjenning })} />}
      <Valg id="formaal" etikett={x.formaal} value={r.formaal.krav} valg={Object.entries(at.value.formaal)} onChange={(e) => sett({ formaal: { ...r.formaal, krav: e.currentTarget.value as typeof r.formaal.krav } })} />
      {r.formaal.krav === 'PAAKREVD' && <Felt id="moenster" etikett={x.moenster} hint={x.moensterHint} value={r.formaal.moenster ?? ''} maxLength={200} onInput={(e) => sett({ formaal: { ...r.formaal, moenster: e.currentTarget.value } })} />}
      <Kommuner kommuner={r.kommuner} sett={(kommuner) => sett({ kommuner })} />
      <Felt id="timer" etikett={x.noedtilgang} hint={x.noedtilgangHint} type="number" min={0} max={24} value={r.noedtilgangTimer ?? 0} onInput={(e) => sett({ noedtilgangTimer: Number(e.currentTarget.value) })} />
    </div>
  );
}

function Av({ paa, tekst, sett }: { paa: boolean; tekst: string; sett: (paa: boolean) => void }) {
  return (
    <label className="rad">
      <input type="checkbox" className="ds-input" checked={paa} onChange={(e) => sett(e.currentTarget.checked)} />
      {tekst}
    </label>
  );
}

/** Keeps what is written as it is written; what is read out of it are the numbers. */
function Kommuner({ kommuner, sett }: { kommuner: string[]; sett: (kommuner: string[]) => void }) {
  const x = at.value.utkast;
  const [written, setWritten] = useState(kommuner.join(', '));
  return (
    <Felt
      id="kommuner"
      etikett={x.kommuner}
      hint={x.kommunerHint}
      value={written}
      onInput={(e) => {
        setWritten(e.currentTarget.value);
        sett(e.currentTarget.value.split(/[\s,;]+/).filter(Boolean));
      }}
    />
  );
}

function Publiser({ id, etag }: { id: string; etag: string }) {
  const x = at.value.utkast;
  const [kommentar, setKommentar] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const { route } = useLocation();
  return (
    <form
      className="gruppe soeket"
      aria-labelledby="publiser"
      onSubmit={(e) => {
        e.preventDefault();
        void utfoer(async () => {
          const header = { 'If-Match': etag, 'Idempotency-Key': crypto.randomUUID() };
          await svar(api.POST('/hjemmel/v1/roller/{id}/utkast/publiser', { params: { path: { id }, header }, body: { kommentar } }));
          route(`/administrasjon/rolle/${id}`);
        });
      }}
    >
      <Tittel id="publiser" stoerrelse="xs">
        {x.publiser}
      </Tittel>
      <p>{x.publiserTekst}</p>
      <Felt id="kommentar" etikett={at.value.rolle.kommentar} hint={at.value.rolle.kommentarHint} value={kommentar} maxLength={1000} required onInput={(e) => setKommentar(e.currentTarget.value)} />
      {feil && <Feilmelding feil={feil} />}
      <Knapp type="submit" disabled={opptatt || !kommentarGaar(kommentar)}>
        {x.publiserKnapp}
      </Knapp>
    </form>
  );
}
