// Fields of forms that work without us, too: they keep what is typed while the page is drawn again,
// and follow the address when somebody else changes it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

function useFollowed<T extends HTMLInputElement | HTMLSelectElement>(value: string) {
  const field = useRef<T>(null);
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = value;
  }, [value]);
  return field;
}

interface InputProps {
  name: string;
  title: string;
  value: string;
  type?: "search" | "text";
  placeholder?: string;
  list?: string;
  long?: boolean;
}

export function Input({ name, title, value, type, placeholder, list, long }: InputProps) {
  const field = useFollowed<HTMLInputElement>(value);
  return (
    <label class={long ? "long" : undefined}>
      <span>{title}</span>
      <input
        ref={field}
        name={name}
        type={type ?? "text"}
        placeholder={placeholder}
        list={list}
        defaultValue={value}
      />
    </label>
  );
}

interface SelectProps {
  name: string;
  title: string;
  value: string;
  options: [value: string, title: string][];
}

// A choice is followed at once.
export function Select({ name, title, value, options }: SelectProps) {
  const field = useFollowed<HTMLSelectElement>(value);
  return (
    <label>
      <span>{title}</span>
      <select ref={field} name={name} onChange={() => field.current?.form?.requestSubmit()}>
        {options.map(([option, words]) => (
          <option key={option} value={option} selected={option === value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Fields({ action, children }: { action: string; children: ComponentChildren }) {
  return (
    <form class="fields" action={action} method="get">
      {children}
    </form>
  );
}
