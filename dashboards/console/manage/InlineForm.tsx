import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

interface FormProps {
  label: string;
  onSubmit(): void;
  onCancel(): void;
  children: ReactNode;
}

/** A form in the place of the button that asked for it. Escape leaves it alone, not the dialog or page around it. */
export function InlineForm({ label, onSubmit, onCancel, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const around = form.current?.parentElement;
    // Whoever goes by the keyboard is left where the form was, not at the top of the page.
    const stay = () => {
      if (document.activeElement === document.body) around?.querySelector("button")?.focus();
    };
    return () => void window.setTimeout(stay);
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onCancel();
  };
  return <form ref={form} className="inline-form" aria-label={label} onSubmit={submit} onKeyDown={leave}>{children}</form>;
}
