import { Knapp, Tittel, Varsel } from '../ds';
import { loggInn, organisasjon, rolle, sesjon } from '../sesjon';
import { t } from '../tekst';

export function Hjem() {
  document.title = `${t.value.meny.soek} – Hjemmel`;
  const far = sesjon.value?.organisasjoner.filter((o) => o.kreverHoyere) ?? [];
  return (
    <div className="spalte">
      <Tittel nivaa={1} stoerrelse="lg">
        {t.value.meny.soek}
      </Tittel>
      {far.map((o) => (
        <Varsel key={o.fiksOrgId} slag="warning">
          <p>{t.value.innlogging.hoyere(o.navn)}</p>
          <Knapp onClick={() => loggInn('hoyt')}>{t.value.innlogging.hoyereKnapp}</Knapp>
        </Varsel>
      ))}
      <p>{rolle.value ? t.value.rolle.valgt(rolle.value.navn, organisasjon.value?.navn ?? '') : t.value.rolle.ingen}</p>
    </div>
  );
}
