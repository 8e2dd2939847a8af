// The systems that an organisation lets in.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Integrasjon } from '../../api/schema';
import { Felt, Knapp, Lenke, Merke, Tittel } from '../../ds';
import { Tabell } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { dag, norsk, tid } from '../../format';
import { at } from '../../tekst/admin';
import { Hentet, useHent, useUtfoer } from '../../utfoer';
import { Adminside, org } from './felles';
import { Hemmelighet } from './hemmelighet';

export function Integrasjoner() {
  return (
    <Adminside tittel={at.value.integrasjon.tittel} ingress={at.value.integrasjon.ingress}>
      <Alle />
    </Adminside>
  );
}

/** Whether one gets in by it now, as far as its own time goes. */
export function Tilstand({ i }: { i: Integrasjon }) {
  const x = at.value.integrasjon;
  const ended = i.gyldigTil && new Date(i.gyldigTil) <= new Date();
  return <Merke farge={i.aktiv && !ended ? 'success' : 'neutral'}>{ended ? x.utloept : i.aktiv ? x.aktiv : x.stoppet}</Merke>;
}

function Alle() {
  const x = at.value.integrasjon;
  const fiksOrgId = org.value!.fiksOrgId;
  const [ny, setNy] = useState<Integrasjon>();
  const hentet = useHent(() => svar(api.GET('/hjemmel/v1/organisasjoner/{fiksOrgId}/integrasjoner', { params: { path: { fiksOrgId } } })), [fiksOrgId]);
  return (
    <>
      {ny && <Hemmelighet tittel={x.passordTil(ny.navn)} verdi={ny.nyttPassord ?? ''} glem={() => setNy(undefined)} />}
      <Hentet av={hentet}>
        {({ integrasjoner }) => (
          <Tabell
            tittel={x.tittel}
            hode={[x.navn, x.status, x.orgnr, x.sistBrukt, x.gyldigTil]}
            rader={[...integrasjoner]
              .sort((a, b) => norsk.compare(a.navn, b.navn))
              .map((i) => [<Lenke href={`/administrasjon/integrasjoner/${i.id}`}>{i.navn}</Lenke>, <Tilstand i={i} />, i.autorisertOrgnr, i.sistBrukt ? tid(i.sistBrukt) : x.aldri, i.gyldigTil ? dag(i.gyldigTil) : at.value.tildeling.ingenSlutt])}
          />
        )}
      </Hentet>
      <Lag
        lagd={(i) => {
          setNy(i);
          hentet.igjen();
        }}
      />
    </>
  );
}

function Lag({ lagd }: { lagd: (i: Integrasjon) => void }) {
  const x = at.value.integrasjon;
  const [navn, setNavn] = useState('');
  const [orgnr, setOrgnr] = useState('');
  const { feil, opptatt, utfoer } = useUtfoer();
  const lag = () =>
    utfoer(async () => {
      const params = { path: { fiksOrgId: org.value!.fiksOrgId } };
      const i = await svar(api.POST('/hjemmel/v1/organisasjoner/{fiksOrgId}/integrasjoner', { params, body: { navn: navn.trim(), autorisertOrgnr: orgnr.replace(/\s/g, '') } }));
      setNavn('');
      setOrgnr('');
      lagd(i);
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
      <Felt id="navn" etikett={x.navn} hint={x.navnHint} value={navn} required maxLength={100} onInput={(e) => setNavn(e.currentTarget.value)} />
      <Felt id="orgnr" etikett={x.orgnr} hint={x.orgnrHint} value={orgnr} required inputMode="numeric" pattern="[0-9 ]{9,11}" onInput={(e) => setOrgnr(e.currentTarget.value)} />
      {feil && <Feilmelding feil={feil} />}
      <Knapp type="submit" disabled={opptatt || !navn.trim() || orgnr.replace(/\s/g, '').length !== 9}>
        {x.lag}
      </Knapp>
    </form>
  );
}
