// Type-aware lint for every workspace, and the architecture: who may import whom.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const services = ['auth', 'tickets', 'orders', 'payments', 'expiration'];
const brokerClient = {
  name: 'node-nats-streaming',
  message: 'Only common/src/broker speaks to the broker: save the change with its event.',
};
const services_ = services.map((name) => `@ticketing/${name}`);
const restrict = (paths, patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }],
});
const notServices = {
  group: [
    ...services_,
    ...services_.map((name) => `${name}/*`),
    ...services.map((name) => `**/../${name}/src/*`),
  ],
  message: 'Services never import services: they agree through events.',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.next/**', '**/next-env.d.ts', '.local/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.json',
          '*/tsconfig.json',
          '*/test/tsconfig.json',
          'infra/*/tsconfig.json',
          'infra/*/test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      // mongoose's schema definitions are plain objects by design.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['common/src/**/*.ts'],
    ignores: ['common/src/broker/**'],
    rules: restrict([brokerClient], [notServices]),
  },
  { files: ['common/src/broker/**/*.ts'], rules: restrict([], [notServices]) },
  {
    files: ['common/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'common/src/testing/**', 'common/src/process/**'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env' }] },
  },
  {
    files: services.map((name) => `${name}/src/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: restrict(
      [brokerClient, { name: '@ticketing/stripe-emulator', message: 'A fake is for tests.' }],
      [notServices],
    ),
  },
  {
    files: services.map((name) => `${name}/src/**/*.ts`),
    ignores: ['**/main.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only main.ts reads the environment.' },
      ],
    },
  },
  {
    files: ['client/src/**/*.ts', 'client/src/**/*.tsx'],
    extends: [reactHooks.configs.flat.recommended],
    rules: restrict(
      [],
      [
        {
          group: [
            '@ticketing/*',
            '**/../{common,infra}/**',
            ...services.map((name) => `**/../${name}/src/**`),
          ],
          message: 'The client knows the servers by their HTTP API alone.',
        },
      ],
    ),
  },
  {
    files: ['**/*.test.ts', '*/src/testing.ts', 'common/src/testing/**'],
    // jest's matchers (expect.any) and supertest's bodies are `any` by their types.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
