import { useState } from 'preact/hooks';
import { Dialog, Felt, Knapp } from '../ds';
import { t } from '../tekst';

type Props = { tittel: string; tekst: string; bekreft: string; farge?: string; gi: (grunn: string) => void };

/** A button that asks for a reason, of the length that the log wants, before what it stands for is done. */
export function Begrunn({ tittel, tekst, bekreft, farge, gi }: Props) {
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState('');
  return (
    <>
      <Knapp variant="secondary" farge={farge} onClick={() => setOpen(true)}>
        {tittel}
      </Knapp>
      <Dialog aapen={open} lukk={() => setOpen(false)} tittel={tittel}>
        <form
          className="dialog"
          onSubmit={(e) => {
            e.preventDefault();
            setOpen(false);
            gi(why.trim());
          }}
        >
          <p>{tekst}</p>
          <Felt id="grunn" etikett={t.value.person.grunn} value={why} minLength={10} maxLength={200} required onInput={(e) => setWhy(e.currentTarget.value)} />
          <div className="rad">
            <Knapp type="submit" farge={farge} disabled={why.trim().length < 10}>
              {bekreft}
            </Knapp>
            <Knapp variant="secondary" onClick={() => setOpen(false)}>
              {t.value.avbryt}
            </Knapp>
          </div>
        </form>
      </Dialog>
    </>
  );
}
