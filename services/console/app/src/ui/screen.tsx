import { type ReactNode, useEffect, useRef } from 'react';

interface ScreenProps {
  title: string;
  /** Beside the title, such as what can be done here. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen with its title; a screen that is opened takes the focus, so that readers begin there. */
export function Screen({ title, actions, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Liên Thông`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="stack">
      <div className="row spread">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions !== undefined && <div className="row no-print">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
