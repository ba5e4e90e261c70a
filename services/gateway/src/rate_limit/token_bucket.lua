-- Takes a token from the bucket KEYS[1], which holds at most ARGV[1] tokens and gains ARGV[2] per
-- second. Answers { taken, tokens left, ms until the next token, ms until the bucket is full }.
local burst, per_ms = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
-- A clock that was set back must not take tokens away.
tokens = math.min(burst, tokens + math.max(0, now - at) * per_ms)

local taken = tokens >= 1
if taken then
  tokens = tokens - 1
end
local next_token = math.ceil(math.max(0, 1 - tokens) / per_ms)
local full = math.ceil((burst - tokens) / per_ms)

redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
-- A full bucket need not be remembered.
redis.call('PEXPIRE', KEYS[1], full + 1)
return { taken and 1 or 0, math.floor(tokens), next_token, full }
