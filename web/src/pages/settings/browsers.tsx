import type { Login } from '@patchbay/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { accessKeys, endLogin, loginsQuery, signOutEverywhere } from '../../api/access.js';
import { forgetShown } from '../../api/forget-shown.js';
import { messageOf } from '../../api/request.js';
import { Button } from '../../ui/button.js';
import { When } from '../../ui/when.js';
import { accessWords } from '../../words/access-words.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';

const w = accessWords.profile;

/** Where one has signed in. */
export function Browsers() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(loginsQuery);
  const end = useMutation({
    mutationFn: endLogin,
    onError: (problem) => toast.error(messageOf(problem)),
    onSettled: () => cache.invalidateQueries({ queryKey: accessKeys.logins }),
  });
  const endAll = useMutation({
    mutationFn: signOutEverywhere,
    onError: (problem) => toast.error(messageOf(problem)),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      forgetShown(cache);
    },
  });
  return (
    <Section
      title={w.browsers}
      action={
        <Button busy={endAll.isPending} onClick={() => endAll.mutate()}>
          {w.signOutAll}
        </Button>
      }
    >
      {data ? (
        <Rows label={w.browsers}>
          {data.logins.map((login) => (
            <Row key={login.id}>
              <RowText
                first={nameOf(login)}
                second={
                  <>
                    {login.address} · {w.lastUsed} <When at={login.usedAt} />
                  </>
                }
              />
              {login.current ? (
                <span className="text-13 text-soft">{w.thisBrowser}</span>
              ) : (
                <Button
                  look="quiet"
                  aria-label={`${w.signOutOne}: ${nameOf(login)}`}
                  onClick={() => end.mutate(login.id)}
                >
                  {w.signOutOne}
                </Button>
              )}
            </Row>
          ))}
        </Rows>
      ) : (
        <NotYet error={error} retry={refetch} />
      )}
    </Section>
  );
}

/** "Firefox, Linux" of what browsers say about themselves. */
function nameOf({ browser }: Login): string {
  const product = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(browser)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS|Linux)/.exec(browser)?.[1];
  const name = product === 'Edg' ? 'Edge' : product === 'OPR' ? 'Opera' : product;
  return [name, system].filter(Boolean).join(', ') || browser.slice(0, 60) || w.unknownBrowser;
}
