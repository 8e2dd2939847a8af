// Thin wrappers around Designsystemet: the only files that know its class names. Native elements, so that
// everything works by keyboard and with a screen reader as it should.
import { type ComponentChildren, type JSX, type Ref } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

type Variant = 'primary' | 'secondary' | 'tertiary';
type KnappProps = JSX.IntrinsicElements['button'] & { variant?: Variant; farge?: string };

export function Knapp({ variant = 'primary', farge, type = 'button', className = '', ...rest }: KnappProps) {
  return <button type={type} className={`ds-button ${className}`} data-variant={variant} data-color={farge} {...rest} />;
}

type LenkeProps = JSX.IntrinsicElements['a'];
export function Lenke({ className = '', ...rest }: LenkeProps) {
  return <a className={`ds-link ${className}`} {...rest} />;
}

export function Lenkeknapp({ className = '', variant = 'primary', ...rest }: LenkeProps & { variant?: Variant }) {
  return <a className={`ds-button ${className}`} data-variant={variant} {...rest} />;
}

type VarselProps = { slag?: 'info' | 'success' | 'warning' | 'danger'; children: ComponentChildren; role?: 'alert' | 'status' };
export function Varsel({ slag = 'info', children, role }: VarselProps) {
  return (
    <div className="ds-alert" data-color={slag} role={role}>
      {children}
    </div>
  );
}

export function Tittel({ nivaa = 2, stoerrelse = 'sm', children, ...rest }: { nivaa?: 1 | 2 | 3; stoerrelse?: '2xs' | 'xs' | 'sm' | 'md' | 'lg'; children: ComponentChildren; id?: string; tabIndex?: number; ref?: Ref<HTMLHeadingElement> }) {
  const H = `h${nivaa}` as 'h1';
  return (
    <H className="ds-heading" data-size={stoerrelse} {...rest}>
      {children}
    </H>
  );
}

type FeltProps = JSX.IntrinsicElements['input'] & { id: string; etikett: string; hint?: string; melding?: string; galt?: boolean };

/** A text field with its label, hint and a message that is told as it changes. */
export function Felt({ id, etikett, hint, melding, galt, className = '', ...rest }: FeltProps) {
  const told = [hint && `${id}-hint`, melding && `${id}-melding`].filter(Boolean).join(' ') || undefined;
  return (
    <div className={`ds-field ${className}`}>
      <label className="ds-label" htmlFor={id}>
        {etikett}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="dempet liten">
          {hint}
        </p>
      )}
      <input id={id} className="ds-input" autocomplete="off" spellcheck={false} aria-describedby={told} aria-invalid={galt || undefined} {...rest} />
      <p id={`${id}-melding`} role="status" className={galt ? 'ds-validation-message' : 'dempet liten'} hidden={!melding}>
        {melding}
      </p>
    </div>
  );
}

type DialogProps = { aapen: boolean; lukk?: () => void; tittel: string; children: ComponentChildren };

/** A modal dialog. Without lukk it cannot be closed by Escape. Focus goes back to where it was. */
export function Dialog({ aapen, lukk, tittel, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const d = ref.current;
    if (!d || d.open === aapen) return;
    if (aapen) d.showModal();
    else d.close();
  }, [aapen]);
  return (
    <dialog
      ref={ref}
      className="ds-dialog"
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        lukk?.();
      }}
    >
      {aapen && (
        <div className="dialog">
          <Tittel id={id} nivaa={2} stoerrelse="xs">
            {tittel}
          </Tittel>
          {children}
        </div>
      )}
    </dialog>
  );
}

export function Merke({ farge = 'neutral', children }: { farge?: 'neutral' | 'info' | 'success' | 'warning' | 'danger'; children: ComponentChildren }) {
  return (
    <span className="ds-tag" data-color={farge}>
      {children}
    </span>
  );
}
