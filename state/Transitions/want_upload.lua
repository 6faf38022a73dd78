-- want_upload: asks for the snapshot of a resting actor to move to the store. Changes nothing once it is there.
if not state then return answer('missing') end
if state == SUSPENDED then return answer('ok') end
if state ~= PAUSED then return answer('state') end
if get('upload') == '1' then return answer('ok') end
return commit('upload', '1')
