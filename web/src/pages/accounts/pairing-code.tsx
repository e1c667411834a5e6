import type { Session } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { requestPairingCode } from '../../api/commands.js';
import { messageOf } from '../../api/request.js';
import { formatPhone, parsePhone } from '../../format/phone.js';
import { formatCountdown } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { useSeconds } from '../../ui/now.js';
import { words } from '../../words/words.js';
import { Steps } from './steps.js';

interface ShownCode {
  code: string;
  phone: string;
  expiresAt?: string;
}

/** The other way to link: a phone number, then a code to type on that phone. */
export function PairingCode({ session }: { session: Session }) {
  const cache = useQueryClient();
  const queryKey = ['pairing-code', session.id];
  // Kept in the cache, so that it survives a change of tab or page.
  const shown = useQuery<ShownCode | null>({
    queryKey,
    queryFn: () => cache.getQueryData<ShownCode>(queryKey) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const ask = useMutation({
    mutationFn: async (phone: string): Promise<ShownCode> => ({
      ...(await requestPairingCode(session.id, phone)),
      phone,
    }),
    onSuccess: (code) => cache.setQueryData(queryKey, code),
    onError: (error) => toast.error(messageOf(error)),
  });
  if (!shown) {
    return <PhoneForm busy={ask.isPending} submit={ask.mutate} phone={session.phone} />;
  }
  return (
    <Code
      shown={shown}
      busy={ask.isPending}
      renew={() => ask.mutate(shown.phone)}
      otherNumber={() => cache.setQueryData(queryKey, null)}
    />
  );
}

interface PhoneFormProps {
  busy: boolean;
  phone: string | null;
  submit: (phone: string) => void;
}

function PhoneForm({ busy, phone, submit }: PhoneFormProps) {
  const [typed, setTyped] = useState(phone ? formatPhone(phone) : '');
  const [invalid, setInvalid] = useState(false);
  return (
    <form
      className="max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        const digits = parsePhone(typed);
        setInvalid(digits === null);
        if (digits) submit(digits);
      }}
    >
      <Field
        label={words.link.phone}
        hint={words.link.phoneHint}
        error={invalid ? words.link.phoneInvalid : null}
        placeholder={words.link.phonePlaceholder}
        type="tel"
        autoComplete="tel"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setInvalid(false);
        }}
      />
      <Button type="submit" look="primary" busy={busy} className="mt-3">
        {busy ? words.link.requesting : words.link.requestCode}
      </Button>
    </form>
  );
}

interface CodeProps {
  shown: ShownCode;
  busy: boolean;
  renew: () => void;
  otherNumber: () => void;
}

function Code({ shown, busy, renew, otherNumber }: CodeProps) {
  const now = useSeconds();
  const left = shown.expiresAt ? Date.parse(shown.expiresAt) - now : null;
  const expired = left !== null && left <= 0;
  const copy = async () => {
    await navigator.clipboard.writeText(shown.code);
    toast.success(words.errors.copied);
  };
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="text-13 text-soft">{words.link.codeFor(formatPhone(shown.phone))}</p>
        <p
          role="status"
          className={`mt-1 font-mono text-28 font-semibold tracking-[0.14em] ${expired ? 'text-soft line-through' : ''}`}
        >
          {shown.code}
        </p>
        <p className="h-5 text-13 text-soft nums">
          {expired && words.link.codeExpired}
          {left !== null && left > 0 && words.link.codeExpires(formatCountdown(left))}
        </p>
      </div>
      <Steps steps={words.link.codeSteps} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={copy} icon={<Copy className="size-4" aria-hidden />}>
          {words.link.copyCode}
        </Button>
        <Button look="quiet" busy={busy} onClick={renew}>
          {words.link.newCode}
        </Button>
        <Button look="quiet" onClick={otherNumber}>
          {words.link.otherNumber}
        </Button>
      </div>
    </div>
  );
}
