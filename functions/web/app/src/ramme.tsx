// The frame around every page: who, in which role, and how to leave.
import { Knapp, Lenke } from './ds';
import { organisasjonerMed } from './funksjon';
import { borger, loggUt, organisasjon, rolle, roller, sesjon, velgRolle } from './sesjon';
import { glem } from './soek';
import { visTaster } from './taster';
import { settSpraak, spraak, t, valgtSpraak, type Spraak } from './tekst';

export function Topp() {
  return (
    <header className="topp">
      <div className="ramme">
        <a className="merke" href="/">
          <img src="/merke.svg" alt="" />
          Hjemmel
        </a>
        {sesjon.value?.innlogget && (
          <>
            {!borger.value && <Meny />}
            <Hvem />
          </>
        )}
      </div>
    </header>
  );
}

function Meny() {
  return (
    <nav aria-label={t.value.meny.navigasjon}>
      <Lenke href="/">{t.value.meny.soek}</Lenke>
      {rolle.value?.bruksomraader.includes('INNBYGGERLISTE') && <Lenke href="/lister">{t.value.meny.lister}</Lenke>}
      <Lenke href="/rolle">{t.value.meny.rolle}</Lenke>
      <Lenke href="/mine-oppslag">{t.value.meny.mine}</Lenke>
      {organisasjonerMed('personvernombud', 'revisor').length > 0 && <Lenke href="/logg">{t.value.meny.logg}</Lenke>}
      {organisasjonerMed('administrator').length > 0 && <Lenke href="/administrasjon">{t.value.meny.administrasjon}</Lenke>}
    </nav>
  );
}

function Hvem() {
  return (
    <div className="rad skyv hvem">
      <Rollevalg />
      <span>{sesjon.value?.navn}</span>
      <Knapp variant="tertiary" onClick={() => void loggUt()}>
        {t.value.innlogging.loggUt}
      </Knapp>
    </div>
  );
}

function Rollevalg() {
  const r = rolle.value;
  if (!r) return null;
  return (
    <div className="rollevalg">
      <label className="dempet" htmlFor="rolle">
        {organisasjon.value?.navn} · {t.value.rolle.velg}
      </label>
      <select id="rolle" className="ds-input" value={r.id} onChange={(e) => void velgRolle(e.currentTarget.value).then(glem)}>
        {roller.value.map((x) => (
          <option key={x.id} value={x.id} disabled={!x.kanBrukes}>
            {x.kanBrukes ? x.navn : t.value.rolle.ikkeNaa(x.navn)}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Bunn() {
  return (
    <footer className="bunn">
      <div className="ramme">
        <span>{t.value.tjeneste}</span>
        <nav className="rad skyv" aria-label={t.value.meny.spraakvalg}>
          {(Object.keys(spraak) as Spraak[]).map((s) => (
            <Knapp key={s} variant="tertiary" lang={s} aria-pressed={s === valgtSpraak.value} onClick={() => void settSpraak(s, true)}>
              {spraak[s]}
            </Knapp>
          ))}
        </nav>
        {sesjon.value?.innlogget && <Lenke href="/mine-opplysninger">{t.value.meny.omMeg}</Lenke>}
        <Lenke href="/tilgjengelighet">{t.value.meny.tilgjengelighet}</Lenke>
        <Knapp variant="tertiary" onClick={visTaster}>
          {t.value.meny.tastatur}
        </Knapp>
      </div>
    </footer>
  );
}
