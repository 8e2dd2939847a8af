// A secret that is shown this once. It is kept in memory alone, and is gone when the page is left.
import { useState } from 'preact/hooks';
import { Knapp, Tittel } from '../../ds';
import { t } from '../../tekst';
import { at } from '../../tekst/admin';

export function Hemmelighet({ tittel, verdi, glem }: { tittel: string; verdi: string; glem: () => void }) {
  const x = at.value.hemmelighet;
  const [copied, setCopied] = useState(false);
  return (
    <section className="gruppe hemmelig" role="group" aria-label={tittel}>
      <Tittel stoerrelse="xs">{tittel}</Tittel>
      <p>{x.tekst}</p>
      <code>{verdi}</code>
      <div className="rad">
        <Knapp onClick={() => void navigator.clipboard.writeText(verdi).then(() => setCopied(true))}>{x.kopier}</Knapp>
        <Knapp variant="secondary" onClick={glem}>
          {x.ferdig}
        </Knapp>
        <span role="status">{copied && t.value.person.kopiert}</span>
      </div>
    </section>
  );
}
