import { useEffect, useState } from 'preact/hooks';
import { api, Feilet, svar } from '../../api/klient';
import type { Logginnslag } from '../../api/schema';
import { Knapp } from '../../ds';
import { Feilmelding } from '../../feil';
import { roller, sesjon } from '../../sesjon';
import { Overskrift } from '../../side';
import { t } from '../../tekst';
import { lt } from '../../tekst/logg';
import { Innslagsliste } from './innslag';

const rollenavn = (id: string) => roller.value.find((r) => r.id === id)?.navn ?? id;

/** What the log says that the logged-in has done, for each organisation that they are in. */
export function Mine() {
  const x = lt.value.mine;
  const all = sesjon.value?.organisasjoner.filter((o) => !o.kreverHoyere) ?? [];
  const [valgt, setValgt] = useState('');
  const org = all.find((o) => o.fiksOrgId === valgt) ?? all[0];
  return (
    <div className="ark">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      <p>{x.ingress}</p>
      {all.length > 1 && (
        <div className="rad">
          {all.map((o) => (
            <Knapp key={o.fiksOrgId} variant="secondary" aria-pressed={o === org} onClick={() => setValgt(o.fiksOrgId)}>
              {o.navn}
            </Knapp>
          ))}
        </div>
      )}
      {org && <Liste key={org.fiksOrgId} fiksOrgId={org.fiksOrgId} />}
    </div>
  );
}

function Liste({ fiksOrgId }: { fiksOrgId: string }) {
  const [treff, setTreff] = useState<Logginnslag[]>();
  const [neste, setNeste] = useState<string>();
  const [feil, setFeil] = useState<Feilet>();
  const hent = (markoer?: string) => {
    setFeil(undefined);
    svar(api.GET('/hjemmel/v1/meg/oppslag', { params: { query: { fiksOrgId, markoer } } })).then(
      (got) => {
        setTreff((had) => [...(markoer ? (had ?? []) : []), ...got.treff]);
        setNeste(got.neste);
      },
      (e) => e instanceof Feilet && setFeil(e),
    );
  };
  useEffect(() => hent(), []);
  return (
    <>
      <p role="status">{treff ? treff.length === 0 && lt.value.mine.ingen : t.value.laster}</p>
      {treff && treff.length > 0 && <Innslagsliste innslag={treff} rollenavn={rollenavn} />}
      {feil && <Feilmelding feil={feil} igjen={() => hent(neste)} />}
      {neste && (
        <Knapp variant="secondary" onClick={() => hent(neste)}>
          {lt.value.innslag.flere}
        </Knapp>
      )}
    </>
  );
}
