import { Lenke, Tittel } from '../ds';
import { t } from '../tekst';

export function FinnesIkke() {
  document.title = `${t.value.feil.finnesIkke} – Hjemmel`;
  return (
    <div className="spalte">
      <Tittel nivaa={1} stoerrelse="lg">
        {t.value.feil.finnesIkke}
      </Tittel>
      <Lenke href="/">{t.value.feil.tilSoek}</Lenke>
    </div>
  );
}
