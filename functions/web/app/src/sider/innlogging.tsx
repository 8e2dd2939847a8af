import { Knapp, Tittel, Varsel } from '../ds';
import { loggInn } from '../sesjon';
import { t } from '../tekst';

export function Innlogging() {
  const x = t.value.innlogging;
  const feil = new URLSearchParams(location.search).get('feil');
  document.title = `${x.tittel} – Hjemmel`;
  return (
    <div className="spalte">
      <Tittel nivaa={1} stoerrelse="lg">
        {t.value.tjeneste}
      </Tittel>
      <p>{x.ingress}</p>
      {feil && (
        <Varsel slag="warning" role="alert">
          {x.feil[feil] ?? x.feilEllers}
        </Varsel>
      )}
      <Knapp onClick={() => loggInn()}>{x.knapp}</Knapp>
      <ul className="ds-list">
        {x.punkter.map((p) => (
          <li key={p}>{p}</li>
        ))}
      </ul>
    </div>
  );
}
