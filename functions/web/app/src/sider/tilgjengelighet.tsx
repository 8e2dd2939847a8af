import { Overskrift } from '../side';
import { t } from '../tekst';

export function Tilgjengelighet() {
  const x = t.value.tilgjengelighet;
  return (
    <div className="spalte">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      {x.avsnitt.map((a) => (
        <p key={a}>{a}</p>
      ))}
    </div>
  );
}
