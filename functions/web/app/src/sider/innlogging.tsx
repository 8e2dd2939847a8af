import { Knapp, Tittel, Varsel } from '../ds';
import { Overskrift } from '../side';
import { loggInn } from '../sesjon';
import { t } from '../tekst';

export function Innlogging() {
  const x = t.value.innlogging;
  const feil = new URLSearchParams(location.search).get('feil');
  return (
    <div className="spalte">
      <Overskrift vindu={x.tittel}>{t.value.tjeneste}</Overskrift>
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
      <section className="gruppe">
        <Tittel stoerrelse="2xs">{x.innbygger}</Tittel>
        <p>{x.innbyggerTekst}</p>
        <Knapp variant="secondary" onClick={() => loggInn('', '/mine-opplysninger')}>
          {x.innbyggerKnapp}
        </Knapp>
      </section>
    </div>
  );
}
