import type { TeamLabel } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouteContext } from '@tanstack/react-router';
import { Tag } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { changeLabel, createLabel, deleteLabel, labelsQuery, teamKeys } from '../../api/team.js';
import { AddButton } from '../../ui/add-button.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { FormEnd } from '../../ui/form-end.js';
import { LABEL_COLOURS, LabelDot, nextColour } from '../../ui/label-dot.js';
import { teamWords } from '../../words/team-words.js';
import { Confirm } from './confirm.js';
import { ListSection, Row } from './section.js';

const w = teamWords.labels;

/** The labels of the team. */
export function Labels() {
  const query = useQuery(labelsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <ListSection
      title={w.title}
      text={w.text}
      label={w.list}
      query={query}
      items={query.data}
      add={<AddButton label={w.add} onClick={() => setAdding(true)} />}
      empty={{
        icon: <Tag className="size-6" aria-hidden />,
        title: w.emptyTitle,
        text: w.emptyText,
      }}
      row={(label) => <LabelRow key={label.id} label={label} />}
    >
      {adding && (
        <LabelForm colour={nextColour(query.data?.length ?? 0)} onClose={() => setAdding(false)} />
      )}
    </ListSection>
  );
}

function LabelRow({ label }: { label: TeamLabel }) {
  const { me } = useRouteContext({ from: '/signed-in' });
  const cache = useQueryClient();
  const [open, setOpen] = useState<'form' | 'delete'>();
  const { id, name, color } = label;
  return (
    <Row>
      <p className="flex min-w-0 flex-1 basis-40 items-center gap-2.5 font-medium">
        <LabelDot label={label} />
        <span className="wrap-anywhere-soft" dir="auto">
          {name}
        </span>
      </p>
      <div className="flex flex-wrap gap-1">
        <Link
          to="/inbox"
          search={{ label: id }}
          aria-label={w.showOne(name)}
          className="flex h-10 items-center rounded-6 px-3 font-medium hover:bg-sunken"
        >
          {w.show}
        </Link>
        <Button look="quiet" aria-label={w.editOne(name)} onClick={() => setOpen('form')}>
          {w.edit}
        </Button>
        {me.role === 'admin' && (
          <Button
            look="quiet"
            className="text-danger"
            aria-label={w.deleteOne(name)}
            onClick={() => setOpen('delete')}
          >
            {w.delete}
          </Button>
        )}
      </div>
      {open === 'form' && (
        <LabelForm label={label} colour={color} onClose={() => setOpen(undefined)} />
      )}
      {open === 'delete' && (
        <Confirm
          title={w.deleteOne(name)}
          text={w.deleteText}
          submit={w.delete}
          work={async () => {
            await deleteLabel(id);
            await cache.invalidateQueries({ queryKey: teamKeys.labels });
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Row>
  );
}

interface LabelFormProps {
  label?: TeamLabel;
  /** The one that is chosen at first. */
  colour: string;
  onClose: () => void;
}

/** Adds a label, or changes one. */
function LabelForm({ label, colour, onClose }: LabelFormProps) {
  const cache = useQueryClient();
  const [name, setName] = useState(label?.name ?? '');
  const [color, setColor] = useState(colour);
  const colours = [...new Set<string>([...LABEL_COLOURS, colour])];
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), color };
      return label ? changeLabel(label.id, body) : createLabel(body);
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: teamKeys.labels });
      toast.success(w.saved);
      onClose();
    },
  });
  return (
    <Dialog title={label ? w.editTitle : w.addTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field
          label={w.name}
          required
          maxLength={40}
          autoComplete="off"
          dir="auto"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="mb-2">
          <legend className="mb-1 text-13 font-medium">{w.colour}</legend>
          <div className="flex flex-wrap gap-1">
            {colours.map((one) => (
              <label
                key={one}
                className="flex size-10 items-center justify-center rounded-6 border border-transparent has-checked:border-accent has-checked:bg-sunken has-focus-visible:outline-2"
              >
                <input
                  type="radio"
                  name="colour"
                  aria-label={colourName(one)}
                  className="sr-only"
                  checked={color === one}
                  onChange={() => setColor(one)}
                />
                <span className="scale-250">
                  <LabelDot label={{ color: one }} />
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <FormEnd submit={w.save} busy={save.isPending} problem={save.error} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function colourName(colour: string): string {
  const names: Record<string, string> = w.colourNames;
  return names[colour] ?? colour;
}
