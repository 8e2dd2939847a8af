// Thin wrappers around Designsystemet: the only files that know its class names. Native elements, so that
// everything works by keyboard and with a screen reader as it should.
import type { ComponentChildren, JSX, Ref } from 'preact';

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
