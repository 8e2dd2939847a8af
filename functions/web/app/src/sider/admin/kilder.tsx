// The identity systems that an organisation's users and groups come from.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import { Felt, Knapp, Lenke, Lenkeknapp, Merke, Tittel } from '../../ds';
import { Tabell } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { norsk } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, useHent, useUtfoer } from '../../utfoer';
import { Adminside, org } from './felles';

export const konfigurasjon = '/brukersynkronisering/konfigurasjon/api/v1/konfigurasjon/{fiksOrgId}' as const;

export function Kilder() {
  const x = at.value.kilde;
  return (
    <Adminside tittel={x.tittel} ingress={x.ingress}>
      <Alle />
    </Adminside>
  );
}

function Alle() {
  const x = at.value.kilde;
  const path = { fiksOrgId: org.value!.fiksOrgId };
  const hentet = useHent(() => svar(api.GET(konfigurasjon, { params: { path } })), []);
  return (
    <>
      <div className="rad">
        <Lenkeknapp variant="secondary" href="/administrasjon/omlegging">
          {at.value.omlegging.tittel}
        </Lenkeknapp>
      </div>
      <Hentet av={hentet}>
        {(kilder) =>
          kilder.length === 0 ? (
            <p>{x.ingen}</p>
          ) : (
            <Tabell
              tittel={x.tittel}
              hode={[x.navn, x.instans, x.status]}
              rader={[...kilder]
                .sort((a, b) => norsk.compare(a.navn, b.navn))
                .map((k) => [
                  <Lenke href={`/administrasjon/kilder/${k.id.id}`}>{k.navn}</Lenke>,
                  k.eksternInstansId,
                  k.advarsler.length > 0 ? <Merke farge="warning">{x.tokenSlutter}</Merke> : '',
                ])}
            />
          )
        }
      </Hentet>
      <Lag lagd={hentet.igjen} />
    </>
  );
}

function Lag({ lagd }: { lagd: () => void }) {
  const x = at.value.kilde;
  const [navn, setNavn] = useState('');
  const [instans, setInstans] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const lag = () =>
    utfoer(async () => {
      await svar(api.POST(konfigurasjon, { params: { path: { fiksOrgId: org.value!.fiksOrgId } }, body: { navn: navn.trim(), eksternInstansId: instans.trim() } }));
      setNavn('');
      setInstans('');
      lagd();
    });
  return (
    <form
      className="gruppe soeket"
      aria-labelledby="ny"
      onSubmit={(e) => {
        e.preventDefault();
        void lag();
      }}
    >
      <Tittel id="ny" stoerrelse="xs">
        {x.ny}
      </Tittel>
      <Felt id="navn" etikett={x.navn} hint={x.navnHint} value={navn} required maxLength={200} onInput={(e) => setNavn(e.currentTarget.value)} />
      <Felt id="instans" etikett={x.instans} hint={x.instansHint} value={instans} maxLength={200} onInput={(e) => setInstans(e.currentTarget.value)} />
      {feil && <Feilmelding feil={feil} />}
      <Knapp type="submit" disabled={opptatt || !navn.trim()}>
        {x.lag}
      </Knapp>
    </form>
  );
}
