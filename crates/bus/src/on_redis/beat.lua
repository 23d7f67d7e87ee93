-- A process says that it lives, and learns who else does.
-- KEYS: processes, process:OWN, online:OWN, unsaved:OWN, positions.
-- ARGV: OWN, its versions, ms until its presence expires, ms until its unsaved presses do, `process:`, `unsaved:`.
-- Gives what stood here before, what is held of us, Redis's time, and for every process its id and versions;
-- empty versions: it is dead, and its unsaved presses still stand.
local before = redis.call('GET', KEYS[2]) or ''
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('PEXPIRE', KEYS[4], ARGV[4])
local others = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local versions = redis.call('GET', ARGV[5] .. id)
  if not versions and redis.call('EXISTS', ARGV[6] .. id) == 1 then
    versions = ''
  end
  if versions then
    table.insert(others, id)
    table.insert(others, versions)
  else
    redis.call('SREM', KEYS[1], id)
  end
end
local held = { redis.call('SCARD', KEYS[3]), redis.call('HLEN', KEYS[4]), redis.call('HLEN', KEYS[5]) }
return { before, held, redis.call('TIME'), others }
