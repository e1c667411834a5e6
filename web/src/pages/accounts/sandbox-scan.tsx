import type { Session } from '@patchbay/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ChevronDown, ExternalLink, ScanLine } from 'lucide-react';
import { toast } from 'sonner';
import { scanWithSandboxPhone } from '../../api/commands.js';
import { sandboxPhonesQuery, sessionsQuery } from '../../api/queries.js';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { OnDemand } from '../../ui/on-demand.js';
import { words } from '../../words/words.js';

/** With a sandbox: one click scans the QR with the next free simulated phone, or a chosen one. */
export function SandboxScan({ session, pageUrl }: { session: Session; pageUrl: string }) {
  const { data, error } = useQuery(sandboxPhonesQuery);
  const { data: list } = useQuery(sessionsQuery);
  const scan = useMutation({
    mutationFn: (phone: string) => scanWithSandboxPhone(session.id, phone),
    onError: (failure) => toast.error(messageOf(failure)),
  });
  const linked = new Set(list?.sessions.map((other) => other.phone));
  const phones = data?.phones ?? [];
  const next = phones.find((each) => !linked.has(each.phone)) ?? phones[0];
  const ready = session.state.status === 'qr' || session.state.status === 'pairing';
  const busy = scan.isPending || (scan.isSuccess && session.state.status === 'starting');
  return (
    <div className="rounded-10 border border-dashed border-control-line p-3">
      <p className="mb-2.5 text-13 text-soft">
        {error ? messageOf(error) : data && !next ? words.sandbox.none : words.sandbox.note}
      </p>
      <div className="flex flex-wrap items-center gap-x-1 gap-y-2">
        <div className="flex">
          <Button
            look="primary"
            className="rounded-r-none"
            disabled={!next || !ready}
            busy={busy}
            icon={<ScanLine className="size-4" aria-hidden />}
            onClick={() => next && scan.mutate(next.phone)}
          >
            {words.sandbox.scan}
          </Button>
          <OnDemand
            load={loadPhones}
            rest={{ phones, linked, onChoose: scan.mutate }}
            trigger={
              <Button
                look="primary"
                aria-label={words.sandbox.choose}
                title={words.sandbox.choose}
                disabled={!next || !ready || busy}
                className="rounded-l-none border-l border-[color-mix(in_srgb,var(--on-accent)_30%,transparent)] px-2.5"
              >
                <ChevronDown className="size-4" aria-hidden />
              </Button>
            }
          />
        </div>
        <a
          href={pageUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-flex h-10 items-center gap-1.5 rounded-6 px-2.5 font-medium text-accent-text hover:underline"
        >
          {data && !next ? words.sandbox.create : words.sandbox.openPage}
          <ExternalLink className="size-4" aria-hidden />
        </a>
      </div>
    </div>
  );
}

const loadPhones = async () => (await import('./sandbox-phones.js')).SandboxPhones;
