// One role as it is: which area, which hjemler, what it sees, and how it came to be so.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Konfigurasjonsrolle } from '../../api/schema';
import { Felt, Knapp, Lenke, Lenkeknapp, Merke, Tittel, Varsel } from '../../ds';
import { Feilmelding } from '../../feil';
import { dag, tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, Spoersmaal, useHent, useUtfoer } from '../../utfoer';
import { Forskjell, type Feltendring } from './forskjell';
import { Adminside, kommentarGaar } from './felles';
import { grener, navnene, omraade, paaSpraaket, verdier } from './katalog';
import { Tre } from './tre';

/** A role with its versions and what the catalogue says of its area. */
export async function hentRolle(id: string) {
  const { versjoner } = await svar(api.GET('/hjemmel/v1/roller/{id}/versjoner', { params: { path: { id } } }));
  const rolle = versjoner[0]!;
  const [v, o] = await Promise.all([verdier(), omraade(rolle.tjenesteomraade)]);
  return { rolle, versjoner, v, o };
}

export type Hentetrolle = Awaited<ReturnType<typeof hentRolle>>;

export function Rolle({ id = '' }: { id?: string }) {
  const hentet = useHent(() => hentRolle(id), [id]);
  const [sagt, setSagt] = useState('');
  const x = at.value.rolle;
  return (
    <Adminside tittel={hentet.data?.rolle.navn ?? x.tittel} vindu={x.tittel} tilbake={['/administrasjon', at.value.meny.roller]} ingress={hentet.data?.rolle.beskrivelse}>
      <p role="status">{sagt}</p>
      <Hentet av={hentet}>
        {(h) => (
          <>
            <Om h={h} />
            <div className="rad">
              <Lenkeknapp href={`/administrasjon/rolle/${id}/utkast`}>{x.endre}</Lenkeknapp>
              <Lenkeknapp variant="secondary" href={`/administrasjon/rolle/${id}/tildelinger`}>
                {x.hvemHar}
              </Lenkeknapp>
            </div>
            <Grunnlag h={h} />
            <Versjoner
              h={h}
              rullet={(n) => {
                setSagt(x.rullet(n));
                hentet.igjen();
              }}
            />
          </>
        )}
      </Hentet>
    </Adminside>
  );
}

function Om({ h: { rolle: r, o } }: { h: Hentetrolle }) {
  const x = at.value.rolle;
  const facts: [string, string | undefined][] = [
    [x.omraade, paaSpraaket(o.navn)],
    [x.bruk, r.bruksomraader.map((b) => at.value.bruk[b] ?? b).join(', ') || x.ingenBruk],
    [x.hvem, r.kanBrukesPaaSokeside ? x.nettsiden : x.fagsystem],
    [x.formaal, at.value.formaal[r.formaal.krav] + (r.formaal.moenster ? ` (${r.formaal.moenster})` : '')],
    [x.kommuner, r.kommuner.join(', ') || x.heleLandet],
    [x.gradert, r.aapneGradert ? x.gradertKan : x.gradertSkjult],
    [x.noedtilgang, r.noedtilgangTimer ? x.timer(r.noedtilgangTimer) : x.nei],
    [x.gyldig, r.gyldigFra || r.gyldigTil ? `${r.gyldigFra ? dag(r.gyldigFra) : ''}–${r.gyldigTil ? dag(r.gyldigTil) : ''}` : undefined],
  ];
  return (
    <>
      <div className="rad">
        <Merke farge={r.aktiv ? 'success' : 'neutral'}>{r.aktiv ? x.aktiv : x.ikkeAktiv}</Merke>
        <span className="dempet">{x.versjon(r.versjon)}</span>
      </div>
      {r.advarsler?.map((a) => (
        <Varsel key={a.kode + a.gjelder} slag="warning">
          <p>{paaSpraaket(a.tekst)}</p>
        </Varsel>
      ))}
      <dl className="fakta">
        {facts.map(
          ([navn, verdi]) =>
            verdi && (
              <div key={navn}>
                <dt>{navn}</dt>
                <dd>{verdi}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  );
}

/** Why the role may see what it sees: the area, its hjemler, and the elements. */
function Grunnlag({ h: { rolle, v, o } }: { h: Hentetrolle }) {
  const x = at.value.rolle;
  return (
    <>
      <Tittel stoerrelse="xs">{x.hjemler}</Tittel>
      <ul className="ds-list">
        {o.lovhjemler
          .filter((l) => rolle.hjemler.includes(l.id))
          .map((l) => (
            <li key={l.id}>
              <Lenke href={l.lovdataLenke} rel="noreferrer">
                {l.lov} {l.paragraf}
              </Lenke>
              <br />
              <span className="dempet">{paaSpraaket(l.korttekst)}</span>
            </li>
          ))}
      </ul>
      <Tittel stoerrelse="xs">{x.opplysninger}</Tittel>
      <Tre grener={grener(v)} valgt={rolle.opplysninger} />
    </>
  );
}

function Versjoner({ h, rullet }: { h: Hentetrolle; rullet: (n: number) => void }) {
  const x = at.value.rolle;
  return (
    <section className="ark" aria-labelledby="versjoner">
      <Tittel id="versjoner" stoerrelse="xs">
        {x.versjoner}
      </Tittel>
      <ol className="treffliste">
        {h.versjoner.map((v) => (
          <Versjon key={v.versjon} v={v} h={h} rullet={rullet} />
        ))}
      </ol>
    </section>
  );
}

function Versjon({ v, h, rullet }: { v: Konfigurasjonsrolle; h: Hentetrolle; rullet: (n: number) => void }) {
  const x = at.value.rolle;
  const now = v.versjon === h.rolle.versjon;
  const [skiller, setSkiller] = useState<Feltendring[]>();
  const { feil, opptatt, utfoer } = useUtfoer();
  const vis = () =>
    utfoer(async () => {
      const params = { path: { id: v.id }, query: { fra: String(v.versjon), til: String(h.rolle.versjon) } };
      setSkiller((await svar(api.GET('/hjemmel/v1/roller/{id}/endringer', { params }))).endringer);
    });
  return (
    <li className="faktum">
      <div className="rad">
        <span className="faktumnavn">{x.versjon(v.versjon)}</span>
        {now && <Merke farge="success">{x.gjelder}</Merke>}
        {v.endret && (
          <span className="dempet liten">
            {tid(v.endret)} · {v.endretAv}
          </span>
        )}
      </div>
      {v.kommentar && <p>{v.kommentar}</p>}
      {!now && (
        <div className="rad">
          <Knapp variant="tertiary" disabled={opptatt} onClick={() => void vis()}>
            {x.visForskjell(v.versjon)}
          </Knapp>
          <Tilbake v={v} etag={`"${h.rolle.versjon}"`} rullet={rullet} />
        </div>
      )}
      {feil && <Feilmelding feil={feil} />}
      {skiller && <Forskjell endringer={skiller} navn={navnene(h.v)} />}
    </li>
  );
}

function Tilbake({ v, etag, rullet }: { v: Konfigurasjonsrolle; etag: string; rullet: (n: number) => void }) {
  const x = at.value.rolle;
  const [kommentar, setKommentar] = useState('');
  return (
    <Spoersmaal
      tittel={x.rullTilbake(v.versjon)}
      tekst={x.rullTekst}
      klar={kommentarGaar(kommentar)}
      gjoer={async () => {
        const header = { 'If-Match': etag, 'Idempotency-Key': crypto.randomUUID() };
        const r = await svar(api.POST('/hjemmel/v1/roller/{id}/rull-tilbake', { params: { path: { id: v.id }, header }, body: { versjon: v.versjon, kommentar } }));
        rullet(r.versjon);
      }}
    >
      <Felt id={`kommentar-${v.versjon}`} etikett={x.kommentar} hint={x.kommentarHint} value={kommentar} maxLength={1000} required onInput={(e) => setKommentar(e.currentTarget.value)} />
    </Spoersmaal>
  );
}
