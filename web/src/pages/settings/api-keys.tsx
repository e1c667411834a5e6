import type { ApiKey, NewApiKey } from '@patchbay/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { accessKeys, apiKeysQuery, revokeApiKey } from '../../api/access.js';
import { formatFull } from '../../format/time.js';
import { AddButton } from '../../ui/add-button.js';
import { Button } from '../../ui/button.js';
import { When } from '../../ui/when.js';
import { accessWords } from '../../words/access-words.js';
import { ApiKeyForm } from './api-key-form.js';
import { Confirm } from './confirm.js';
import { ListSection, Row, RowText } from './section.js';
import { ShownOnce } from './shown-once.js';

const w = accessWords.keys;

export function ApiKeys() {
  const query = useQuery(apiKeysQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  return (
    <ListSection
      title={w.title}
      label={w.list}
      query={query}
      items={query.data?.keys}
      add={<AddButton label={w.add} onClick={() => setAdding(true)} />}
      empty={{
        icon: <KeyRound className="size-6" aria-hidden />,
        title: w.emptyTitle,
        text: w.emptyText,
      }}
      row={(key) => <KeyRow key={key.id} apiKey={key} />}
    >
      {adding && (
        <ApiKeyForm
          onClose={() => setAdding(false)}
          onMade={(key) => {
            setAdding(false);
            setMade(key);
          }}
        />
      )}
      {made && (
        <ShownOnce
          title={w.shownTitle}
          text={w.shownText}
          label={w.shownLabel}
          secret={made.key}
          onClose={() => setMade(undefined)}
        />
      )}
    </ListSection>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const cache = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  const { name, hint, actions, sessions, expiresAt, lastUsedAt, revokedAt } = apiKey;
  const scope = [
    actions.map((action) => w.actionShort[action]).join(', '),
    sessions ? w.someAccounts(sessions.length) : w.allAccounts,
    expiresAt && `${w.ends} ${formatFull(new Date(expiresAt))}`,
  ].filter(Boolean);
  return (
    <Row>
      <RowText
        first={
          <>
            {name} <code className="text-13 font-normal text-soft">…{hint}</code>
          </>
        }
        second={
          <>
            {scope.join(' · ')} · {lastUsedAt ? w.lastUsed : w.neverUsed}{' '}
            {lastUsedAt && <When at={lastUsedAt} />}
          </>
        }
      />
      {revokedAt ? (
        <span className="text-13 text-soft">{w.revoked}</span>
      ) : (
        <Button
          look="quiet"
          className="text-danger"
          aria-label={w.revokeKey(name)}
          onClick={() => setRevoking(true)}
        >
          {w.revoke}
        </Button>
      )}
      {revoking && (
        <Confirm
          title={w.revokeKey(name)}
          text={w.revokeText}
          submit={w.revoke}
          work={async () => {
            await revokeApiKey(apiKey.id);
            await cache.invalidateQueries({ queryKey: accessKeys.apiKeys });
          }}
          onClose={() => setRevoking(false)}
        />
      )}
    </Row>
  );
}
