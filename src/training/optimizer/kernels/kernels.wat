;; What is done to every number that trains, four at a time. Arrays come here in pieces that stay in the cache (kernels.ts).
(module
  (memory (export "memory") 4)

  ;; AdamW's update of `bytes` bytes of values at `values`, with their gradient and moments (adamw.ts says what is what).
  (func (export "adamw")
    (param $values i32) (param $gradient i32) (param $averages i32) (param $squares i32) (param $bytes i32)
    (param $gradientScale f32) (param $beta1 f32) (param $new1 f32) (param $beta2 f32) (param $new2 f32)
    (param $kept f32) (param $stepSize f32) (param $rootScale f32) (param $epsilon f32)
    (local $at i32) (local $g v128) (local $average v128) (local $square v128)
    (loop $next
      (local.set $g (f32x4.mul
        (v128.load (i32.add (local.get $gradient) (local.get $at)))
        (f32x4.splat (local.get $gradientScale))))
      (local.set $average (f32x4.add
        (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (i32.add (local.get $averages) (local.get $at))))
        (f32x4.mul (f32x4.splat (local.get $new1)) (local.get $g))))
      (local.set $square (f32x4.add
        (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (i32.add (local.get $squares) (local.get $at))))
        (f32x4.mul (f32x4.mul (f32x4.splat (local.get $new2)) (local.get $g)) (local.get $g))))
      (v128.store (i32.add (local.get $averages) (local.get $at)) (local.get $average))
      (v128.store (i32.add (local.get $squares) (local.get $at)) (local.get $square))
      (v128.store (i32.add (local.get $values) (local.get $at))
        (f32x4.sub
          (f32x4.mul (f32x4.splat (local.get $kept)) (v128.load (i32.add (local.get $values) (local.get $at))))
          (f32x4.div
            (f32x4.mul (f32x4.splat (local.get $stepSize)) (local.get $average))
            (f32x4.add
              (f32x4.mul (f32x4.sqrt (local.get $square)) (f32x4.splat (local.get $rootScale)))
              (f32x4.splat (local.get $epsilon))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $bytes)))))

  ;; The sum of the squares of `bytes` bytes of numbers at `values`, in double precision.
  (func (export "sumOfSquares") (param $values i32) (param $bytes i32) (result f64)
    (local $end i32) (local $low v128) (local $high v128) (local $four v128) (local $two v128)
    (local.set $end (i32.add (local.get $values) (local.get $bytes)))
    (loop $next
      (local.set $four (v128.load (local.get $values)))
      (local.set $two (f64x2.promote_low_f32x4 (local.get $four)))
      (local.set $low (f64x2.add (local.get $low) (f64x2.mul (local.get $two) (local.get $two))))
      (local.set $two (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $four) (local.get $four))))
      (local.set $high (f64x2.add (local.get $high) (f64x2.mul (local.get $two) (local.get $two))))
      (local.set $values (i32.add (local.get $values) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $values) (local.get $end))))
    (local.set $low (f64x2.add (local.get $low) (local.get $high)))
    (f64.add (f64x2.extract_lane 0 (local.get $low)) (f64x2.extract_lane 1 (local.get $low)))))
