import type { Session } from '@patchbay/contract';
import { useRouteContext } from '@tanstack/react-router';
import { Tabs } from 'radix-ui';
import { words } from '../../words/words.js';
import { PairingCode } from './pairing-code.js';
import { QrCode } from './qr-code.js';
import { SandboxScan } from './sandbox-scan.js';

/** The ways to link a phone: scan a QR, or type a pairing code where the engine has one. */
export function LinkPanel({ session }: { session: Session }) {
  if (session.engine === 'remote') return <ByQr session={session} />;
  const byCode = session.state.status === 'pairing';
  return (
    <Tabs.Root defaultValue={byCode ? 'code' : 'qr'}>
      <Tabs.List
        aria-label={words.link.tabs}
        className="mb-4 inline-flex rounded-6 bg-sunken p-0.5 max-sm:flex"
      >
        <Tab value="qr" label={words.link.qrTab} />
        <Tab value="code" label={words.link.codeTab} />
      </Tabs.List>
      <Tabs.Content value="qr">
        <ByQr session={session} />
      </Tabs.Content>
      <Tabs.Content value="code" className="min-h-73">
        <PairingCode session={session} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function ByQr({ session }: { session: Session }) {
  const { me } = useRouteContext({ from: '/signed-in' });
  // The phones of the sandbox cannot scan what another process shows.
  const sandbox = session.engine === 'remote' ? null : me.sandbox;
  return (
    <div className="flex gap-6 max-sm:flex-col max-sm:items-center">
      <QrCode session={session} />
      <div className="flex min-w-0 flex-col gap-4 max-sm:w-full">
        <div>
          <p className="font-medium">{words.link.hint}</p>
          <p className="mt-1 text-soft text-pretty">{words.link.hintMore}</p>
        </div>
        {sandbox && <SandboxScan session={session} pageUrl={sandbox.pageUrl} />}
      </div>
    </div>
  );
}

function Tab({ value, label }: { value: string; label: string }) {
  return (
    <Tabs.Trigger
      value={value}
      className="h-10 flex-1 rounded-[5px] px-4 text-13 font-medium whitespace-nowrap text-soft transition-colors hover:text-text data-[state=active]:bg-segment data-[state=active]:text-text data-[state=active]:shadow-1"
    >
      {label}
    </Tabs.Trigger>
  );
}
