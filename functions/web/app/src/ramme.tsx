// The frame around every page: who, in which role, and how to leave.
import { Knapp, Lenke } from './ds';
import { loggUt, organisasjon, rolle, roller, sesjon, velgRolle } from './sesjon';
import { settSpraak, spraak, t, valgtSpraak, type Spraak } from './tekst';

export function Topp() {
  return (
    <header className="topp">
      <div className="ramme">
        <a className="merke" href="/">
          <img src="/merke.svg" alt="" />
          Hjemmel
        </a>
        {sesjon.value?.innlogget && <Hvem />}
      </div>
    </header>
  );
}

function Hvem() {
  return (
    <div className="rad skyv">
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
    <label className="rad rollevalg">
      <span className="dempet">
        {organisasjon.value?.navn} · {t.value.rolle.velg}
      </span>
      <select className="ds-input" value={r.id} onChange={(e) => void velgRolle(e.currentTarget.value)}>
        {roller.value.map((x) => (
          <option key={x.id} value={x.id} disabled={!x.kanBrukes}>
            {x.kanBrukes ? x.navn : t.value.rolle.ikkeNaa(x.navn)}
          </option>
        ))}
      </select>
    </label>
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
        <Lenke href="/openapi.yaml">OpenAPI</Lenke>
      </div>
    </footer>
  );
}
