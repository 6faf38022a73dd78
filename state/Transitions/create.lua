-- create: ARGV 3 uid, 4 template, 5 selector. Replayed with the same uid it changes nothing.
if state then
  return answer(get('uid') == ARGV[3] and 'ok' or 'exists')
end
-- Epochs go on from the clock, so that none of an earlier actor of this name is ever reached again: a sandbox or a route that
-- outlived its actor's deletion stays fenced. In microseconds, so that claims, each a call of its own, never overtake the clock.
return commit('state', SUSPENDED, 'epoch', integer(tonumber(time[1]) * 1000000 + tonumber(time[2])), 'uid', ARGV[3], 'template', ARGV[4],
  'selector', ARGV[5], 'created', integer(now))
