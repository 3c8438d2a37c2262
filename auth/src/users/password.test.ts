// Hashing: its own rules, without HTTP and database.
import { hashPassword, isPassword } from './password';

test('a hash knows its password and no other', async () => {
  const hash = await hashPassword('correct horse');
  expect(await isPassword('correct horse', hash)).toBe(true);
  expect(await isPassword('correct horsf', hash)).toBe(false);
  expect(await isPassword('', hash)).toBe(false);
});

test('where there is no hash no password is right, and it is checked all the same', async () => {
  expect(await isPassword('nobody has this password', undefined)).toBe(false);
  expect(await isPassword('', undefined)).toBe(false);
});

test('letters of every script count', async () => {
  const hash = await hashPassword('пароль 密码 🔑');
  expect(await isPassword('пароль 密码 🔑', hash)).toBe(true);
  expect(await isPassword('пароль 密码 🗝', hash)).toBe(false);
});

test('a hash that is none is an error, never a match', async () => {
  await expect(isPassword('correct horse', 'correct horse')).rejects.toThrow();
});

test('a hundred hashed at once are all hashed', async () => {
  const hashes = await Promise.all(Array.from({ length: 100 }, () => hashPassword('correct horse')));
  expect(new Set(hashes).size).toBe(100);
});
