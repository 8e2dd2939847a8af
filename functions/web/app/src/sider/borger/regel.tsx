// What the privacy officer decides about when citizens see their organisation's use of the register.
import { useState } from 'preact/hooks';
import { api, svar } from '../../api/klient';
import type { Innsynsregel, Sesjonsorganisasjon } from '../../api/schema';
import { Felt, Knapp, Tittel, Varsel } from '../../ds';
import { Valg } from '../../ds/skjema';
import { Feilmelding } from '../../feil';
import { organisasjonerMed } from '../../funksjon';
import { Overskrift } from '../../side';
import { bt } from '../../tekst/borger';
import { lt } from '../../tekst/logg';
import { Hentet, useHent, useUtfoer } from '../../utfoer';

type Unntak = Innsynsregel['unntak'][number];
type Valgene = [string, string][];

export function Regel() {
  const x = bt.value.regel;
  const all = organisasjonerMed('personvernombud', 'revisor', 'administrator');
  return (
    <div className="ark">
      <Overskrift vindu={x.tittel}>{x.tittel}</Overskrift>
      <p className="smal">{all.length ? x.ingress : lt.value.soek.ingenTilgang}</p>
      {all.map((o) => (
        <Organisasjonens key={o.fiksOrgId} org={o} navngitt={all.length > 1} />
      ))}
    </div>
  );
}

/** What a rule is about, as one value of a choice: r: a role, t: a service area. */
const hva = (u: Unntak) => (u.rolle ? 'r:' + u.rolle : 't:' + (u.tjenesteomraade ?? ''));
const gjelder = (verdi: string) => (verdi.startsWith('r:') ? { rolle: verdi.slice(2) } : { tjenesteomraade: verdi.slice(2) });

function Organisasjonens({ org, navngitt }: { org: Sesjonsorganisasjon; navngitt: boolean }) {
  const x = bt.value.regel;
  const path = { fiksOrgId: org.fiksOrgId };
  const av = useHent(
    async () => ({
      regel: await svar(api.GET('/hjemmel/v1/organisasjoner/{fiksOrgId}/innsynsregel', { params: { path } })),
      valg: [
        ...(await svar(api.GET('/register/api/v2/konfigurasjon/roller/gyldigeverdier'))).tjenesteomraader.map((o) => ['t:' + o.kode, `${x.omraade}: ${o.navn}`] as [string, string]),
        ...(await svar(api.GET('/register/api/v2/konfigurasjon/{fiksOrgId}/roller', { params: { path } }))).map((r) => ['r:' + r.id, `${x.rolle}: ${r.navn}`] as [string, string]),
      ],
    }),
    [org.fiksOrgId],
  );
  return (
    <section className="ark">
      {navngitt && <Tittel stoerrelse="xs">{org.navn}</Tittel>}
      <Hentet av={av}>{({ regel, valg }) => <Skjema foer={regel} valg={valg} org={org} />}</Hentet>
    </section>
  );
}

function Skjema({ foer, valg, org }: { foer: Innsynsregel; valg: Valgene; org: Sesjonsorganisasjon }) {
  const x = bt.value.regel;
  const [regel, setRegel] = useState(foer);
  const [lagret, setLagret] = useState(false);
  const { feil, opptatt, utfoer } = useUtfoer();
  const ombud = org.funksjoner.includes('personvernombud');
  const sett = (some: Partial<Innsynsregel>) => {
    setLagret(false);
    setRegel({ ...regel, ...some });
  };
  const endre = (i: number, to: Unntak) => sett({ unntak: regel.unntak.map((u, j) => (i === j ? to : u)) });
  return (
    <form
      className="ark"
      onSubmit={(e) => {
        e.preventDefault();
        void utfoer(async () => {
          await svar(api.PUT('/hjemmel/v1/organisasjoner/{fiksOrgId}/innsynsregel', { params: { path: { fiksOrgId: org.fiksOrgId } }, body: regel }));
          setLagret(true);
        });
      }}
    >
      {!ombud && <p>{x.bareOmbud}</p>}
      <fieldset className="ds-fieldset ark" disabled={!ombud || opptatt}>
        <legend className="ds-label">{org.navn}</legend>
        <div className="smal">
          <Felt id={`forsinkelse-${org.fiksOrgId}`} etikett={x.forsinkelse} hint={x.forsinkelseHint} type="number" min={0} max={30} required value={regel.forsinkelseDager} onInput={(e) => sett({ forsinkelseDager: Number(e.currentTarget.value) })} />
        </div>
        {regel.unntak.length === 0 && <p>{x.ingen}</p>}
        {regel.unntak.map((u, i) => (
          <Ett key={i} nr={i + 1} org={org.fiksOrgId} u={u} valg={valg} endre={(to) => endre(i, to)} fjern={() => sett({ unntak: regel.unntak.filter((_, j) => j !== i) })} />
        ))}
        {ombud && (
          <div className="rad">
            <Knapp variant="secondary" disabled={regel.unntak.length >= 20} onClick={() => sett({ unntak: [...regel.unntak, { ...gjelder(valg[0]?.[0] ?? 't:'), dager: 0, begrunnelse: '' }] })}>
              {x.leggTil}
            </Knapp>
            <Knapp type="submit">{x.lagre}</Knapp>
          </div>
        )}
      </fieldset>
      <div role="status">{lagret && <Varsel slag="success">{x.lagret}</Varsel>}</div>
      {feil && <Feilmelding feil={feil} />}
    </form>
  );
}

type EttProps = { nr: number; org: string; u: Unntak; valg: Valgene; endre: (to: Unntak) => void; fjern: () => void };

function Ett({ nr, org, u, valg, endre, fjern }: EttProps) {
  const x = bt.value.regel;
  const id = (what: string) => `${what}-${nr}-${org}`;
  return (
    <section className="gruppe smal" aria-label={`${x.unntak} ${nr}`}>
      <Valg id={id('hva')} etikett={x.hva} valg={valg} value={hva(u)} onChange={(e) => endre({ ...gjelder(e.currentTarget.value), dager: u.dager, begrunnelse: u.begrunnelse })} />
      <Felt id={id('dager')} etikett={x.dager} hint={x.dagerHint} type="number" min={0} max={3650} required value={u.dager} onInput={(e) => endre({ ...u, dager: Number(e.currentTarget.value) })} />
      <Felt id={id('hvorfor')} etikett={x.hvorfor} hint={x.hvorforHint} minLength={10} maxLength={200} required value={u.begrunnelse} onInput={(e) => endre({ ...u, begrunnelse: e.currentTarget.value })} />
      <div>
        <Knapp variant="tertiary" aria-label={`${x.fjern} ${nr}`} onClick={fjern}>
          {x.fjern}
        </Knapp>
      </div>
    </section>
  );
}
