/** A place to drop files on, which is a button too. */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

interface DropZoneProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly accept?: string;
  readonly children: ComponentChildren;
  readonly label: string;
}

export function DropZone({ onFiles, accept, children, label }: DropZoneProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, hover] = useState(false);
  const give = (list: FileList | null | undefined) => {
    if (list && list.length > 0) onFiles([...list]);
    if (picker.current) picker.current.value = "";
  };
  return (
    <fieldset
      class="drop"
      aria-label="Drop a file"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        hover(true);
      }}
      onDragLeave={() => hover(false)}
      onDrop={(event) => {
        event.preventDefault();
        hover(false);
        give(event.dataTransfer?.files);
      }}
    >
      <div>{children}</div>
      <button type="button" onClick={() => picker.current?.click()}>
        {label}
      </button>
      <input
        ref={picker}
        type="file"
        multiple
        accept={accept}
        class="unseen"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => give(event.currentTarget.files)}
      />
    </fieldset>
  );
}
