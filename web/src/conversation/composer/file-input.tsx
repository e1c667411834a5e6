import type { Ref } from 'react';

/** The browser's own way to choose files; a button in sight opens it. */
export function FileInput({
  ref,
  onFiles,
}: {
  ref: Ref<HTMLInputElement>;
  onFiles: (files: Iterable<File>) => void;
}) {
  return (
    <input
      ref={ref}
      type="file"
      multiple
      tabIndex={-1}
      aria-hidden
      className="hidden"
      onChange={({ currentTarget }) => {
        onFiles([...(currentTarget.files ?? [])]);
        currentTarget.value = '';
      }}
    />
  );
}
