import { useEffect, useState } from 'preact/hooks';
import { Feilet } from '../api/klient';
import type { Rolleinnhold } from '../api/schema';
import { Lenke, Merke, Tittel } from '../ds';
import { Feilmelding } from '../feil';
import { rolle } from '../sesjon';
import { Overskrift } from '../side';
import { innhold } from '../soek';
import { t, valgtSpraak } from '../tekst';

/** What the chosen role sees and may do, whoever is asked about. */
export function Innhold() {
  const [role, setRole] = useState<Rolleinnhold>();
  const [feil, setFeil] = useState<Feilet>();
  const r = rolle.value;
  useEffect(() => {
    if (r) innhold(r.id).then(setRole, (e) => e instanceof Feilet && setFeil(e));
  }, [r?.id]);
  const x = t.value.innhold;
  const s = valgtSpraak.value;
  if (!r) return <p>{t.value.rolle.ingen}</p>;
  return (
    <div className="ark">
      <Overskrift vindu={t.value.meny.rolle}>{x.tittel(r.navn)}</Overskrift>
      <p>{x.ingress}</p>
      {feil && <Feilmelding feil={feil} />}
      {role && (
        <>
          <Tittel stoerrelse="xs">{x.bruk}</Tittel>
          <Navn navn={role.bruk.map((b) => b.navn[s] || b.navn.nb)} />
          <Tittel stoerrelse="xs">{x.kriterier}</Tittel>
          <Navn navn={role.soekeparametre.map((b) => b.navn[s] || b.navn.nb)} />
          <Tittel stoerrelse="xs">{x.opplysninger}</Tittel>
          <ul className="ds-list kolonner">
            {role.opplysninger.map((o) => (
              <li key={o.kode}>
                {o.navn[s] || o.navn.nb} {o.taushetsbelagt && <Merke farge="info">{x.taushetsbelagt}</Merke>}
              </li>
            ))}
          </ul>
          <Tittel stoerrelse="xs">{x.hjemler}</Tittel>
          <ul className="ds-list">
            {role.hjemler.map((h) => (
              <li key={h.id}>
                <Lenke href={h.lovdataLenke} rel="noreferrer">
                  {h.lov} {h.paragraf}
                </Lenke>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Navn({ navn }: { navn: string[] }) {
  return (
    <ul className="ds-list kolonner">
      {navn.map((n) => (
        <li key={n}>{n}</li>
      ))}
    </ul>
  );
}
