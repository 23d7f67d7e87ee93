-- Puts positions that are newer than those held, all compared here, so that no other process can come between.
-- KEYS: positions. ARGV: the latest time to be believed, then handset, word, handset, word, …
-- A word is `1 TIME JSON`; TIME has 21 digits. What is held in another form, or is from the future, gives way.
for place = 2, #ARGV, 2 do
  local handset, word = ARGV[place], ARGV[place + 1]
  local held = redis.call('HGET', KEYS[1], handset)
  local held_time = held and string.match(held, '^1 (%d+) ')
  local is_good = held_time and #held_time == 21 and held_time <= ARGV[1]
  if not is_good or held_time < string.sub(word, 3, 23) then
    redis.call('HSET', KEYS[1], handset, word)
  end
end
return redis.status_reply('OK')
