import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';

/** Does what signs the browser in, and then goes on. */
export function useEntering<Body>(enter: (body: Body) => Promise<unknown>, next: string) {
  const router = useRouter();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: () => {
      cache.clear();
      router.history.replace(next);
    },
  });
}
