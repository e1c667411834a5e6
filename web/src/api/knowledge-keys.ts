/** Names of what pages keep of groups, routes and approved messages. */
export const knowledgeKeys = {
  groups: ['knowledge', 'groups'] as const,
  routes: ['knowledge', 'routes'] as const,
  forwards: ['knowledge', 'forwards'] as const,
  search: ['knowledge', 'search'] as const,
  tags: ['knowledge', 'tags'] as const,
  admins: ['knowledge', 'admins'] as const,
  reindex: ['knowledge', 'reindex'] as const,
};
