import { Lenke } from '../ds';
import { Overskrift } from '../side';
import { t } from '../tekst';

export function FinnesIkke() {
  return (
    <div className="spalte">
      <Overskrift vindu={t.value.feil.finnesIkke}>{t.value.feil.finnesIkke}</Overskrift>
      <Lenke href="/">{t.value.feil.tilSoek}</Lenke>
    </div>
  );
}
